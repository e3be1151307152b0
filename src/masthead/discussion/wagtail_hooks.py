"""Registers staff/."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import include, path
from wagtail import hooks

from masthead.discussion.staff.menu import held_comments


@hooks.register("register_admin_urls")
def staff_urls() -> list[Any]:
    """Put the screens below the admin's address."""
    return [path("discussion/", include("masthead.discussion.staff.urls"))]


@hooks.register("register_admin_menu_item")
def staff_menu() -> Any:
    """Add the menu item."""
    return held_comments()


@hooks.register("register_permissions")
def staff_permissions() -> QuerySet[Permission]:
    """Offer the permission to groups."""
    return Permission.objects.filter(content_type__app_label="discussion", codename="moderate_comment")

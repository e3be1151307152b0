"""Registers staff/."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import include, path
from wagtail import hooks

from masthead.discussion.staff.menu import from_readers, held_comments, on_other_sites


@hooks.register("register_admin_urls")
def staff_urls() -> list[Any]:
    """Put the screens below the admin's address."""
    return [path("discussion/", include("masthead.discussion.staff.urls"))]


@hooks.register("register_admin_menu_item")
def staff_menu() -> Any:
    """Add the menu item."""
    return held_comments()


@hooks.register("register_admin_menu_item")
def readers_menu() -> Any:
    """Add the menu item of what readers told."""
    return from_readers()


@hooks.register("register_admin_menu_item")
def elsewhere_menu() -> Any:
    """Add the menu item of discussions on other sites."""
    return on_other_sites()


@hooks.register("register_permissions")
def staff_permissions() -> QuerySet[Permission]:
    """Offer the permissions to groups."""
    names = ["moderate_comment", "handle_corrections", "read_confidences", "embed_discussions"]
    return Permission.objects.filter(content_type__app_label="discussion", codename__in=names)

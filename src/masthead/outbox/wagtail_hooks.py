"""Registers staff/."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import path
from wagtail import hooks

from masthead.outbox.staff import menu, views


@hooks.register("register_admin_urls")
def staff_urls() -> list[Any]:
    """Put the screen below the admin's address."""
    return [path("outbox/", views.FailedDeliveries.as_view(), name="outbox_failed")]


@hooks.register("register_settings_menu_item")
def staff_menu() -> Any:
    """Add the line."""
    return menu.outbox_item()


@hooks.register("register_permissions")
def staff_permissions() -> QuerySet[Permission]:
    """Offer the permission to groups."""
    return Permission.objects.filter(content_type__app_label="outbox", codename="change_delivery")

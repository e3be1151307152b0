"""Registers staff/."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import include, path
from wagtail import hooks

from masthead.funding.staff.menu import money_menu


@hooks.register("register_admin_urls")
def staff_urls() -> list[Any]:
    """Put the screens below the admin's address."""
    return [path("funding/", include("masthead.funding.staff.urls"))]


@hooks.register("register_admin_menu_item")
def staff_menu() -> Any:
    """Add the menu."""
    return money_menu()


@hooks.register("register_permissions")
def staff_permissions() -> QuerySet[Permission]:
    """Offer the permissions to groups."""
    names = ["view_gift", "add_gift", "reverse_gift", "change_campaign", "decide_bankline"]
    names += ["add_sealedmonth", "change_expense", "change_gift", "decide_held", "decide_difference"]
    names += ["see_names", "refund_gift", "view_auditentry", "change_donor", "view_receipt", "reissue_receipt"]
    names += ["send_statements"]
    return Permission.objects.filter(content_type__app_label="funding", codename__in=names)

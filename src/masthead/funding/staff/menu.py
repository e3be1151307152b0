"""The entry of the admin's menu; each line is shown to those whom its policy lets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from masthead.funding import policies


class PermittedItem(MenuItem):
    """A line for those whom a policy lets in."""

    def __init__(self, label: Any, url: Any, may: Callable[[Any], bool], **options: Any) -> None:
        super().__init__(label, url, **options)
        self.may = may

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the policy."""
        return self.may(request.user)


def money_menu() -> SubmenuMenuItem:
    """Return the menu *Money*; it hides itself when no line is shown."""
    lines = [
        (_("Overview"), "overview", "glasses", policies.may_see_gifts),
        (_("Gifts"), "gifts", "list-ul", policies.may_see_gifts),
        (_("Donors"), "donors", "group", policies.may_see_gifts),
        (_("Receipts"), "receipts", "clipboard-list", policies.may_see_receipts),
        (_("From which story"), "stories", "doc-full-inverse", policies.may_see_gifts),
        (_("Pledges"), "pledges", "form", policies.may_see_gifts),
        (_("Bank"), "bank", "download", policies.may_decide_bank_lines),
        (_("To decide"), "held", "warning", policies.may_decide_held),
        (_("Reconciliation"), "reconciliation", "resubmit", policies.may_decide_differences),
        (_("Campaigns"), "campaigns", "pick", policies.may_set_goal),
        (_("Matching gifts"), "matches", "plus", policies.may_set_goal),
        (_("What the money did"), "expenses", "doc-full", policies.may_tell_expenses),
        (_("Closed months"), "closed-months", "lock", policies.may_close_months),
        (_("Who did what"), "acts", "user", policies.may_see_acts),
    ]
    items = [
        PermittedItem(label, reverse_lazy(f"funding_staff:{name}"), may, name=f"money-{name}", icon_name=icon)
        for label, name, icon, may in lines
    ]
    return SubmenuMenuItem(_("Money"), Menu(items=items), name="money", icon_name="history", order=350)

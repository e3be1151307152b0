"""Receipts: listed, downloaded, issued by hand, sent again, taken away. Each view: parse, call, reply."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from masthead.core.errors import DomainError
from masthead.core.http import private
from masthead.core.pdf import file_name
from masthead.funding import policies, selectors
from masthead.funding.models import Gift, Receipt
from masthead.funding.selectors import receipt_lists
from masthead.funding.selectors.receipt_lists import Wanted
from masthead.funding.selectors.receipts import last_receipt, receipt_problems
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.receipts import pdf_of_receipt, reissue_receipt, send_receipt_again
from masthead.funding.staff.receipt_words import in_words
from masthead.funding.staff.views import StaffForm, StaffMixin, gift_row
from masthead.funding.views.receipts import document


class ReceiptMixin(StaffMixin):
    """A page about receipts."""

    may = policies.may_see_receipts
    section = gettext_lazy("Receipts")
    section_url = "funding_staff:receipts"
    kwargs: dict[str, Any]

    def receipt(self) -> Receipt:
        """Return the one the address names, or answer 404."""
        found = receipt_lists.receipt_for_staff(self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found


class ReceiptList(ReceiptMixin, TemplateView):
    """All receipts, and whether their numbers are whole."""

    template_name = "funding/staff/receipts.html"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of them."""
        person, wanted = self.request.user, wanted_by(self.request)
        names = policies.may_see_names(person)
        page = receipt_lists.receipt_page(wanted, number=self.request.GET.get("p"), names=names)
        checks = receipt_lists.series_checks()
        facts: dict[str, Any] = {"page": page, "rows": receipt_lists.receipt_rows(page, names=names)}
        facts |= {"q": wanted.search, "wanted": wanted, "header_title": self.section, "may_see_names": names}
        facts |= {"checks": [in_words(check) for check in checks], "doctor": receipt_problems()}
        facts |= {"years": sorted({check.year for check in checks}, reverse=True)}
        facts |= {"series": sorted({check.series.rpartition("-")[0] for check in checks})}
        facts |= {"kept": "&" + urlencode({"series": wanted.series, "year": wanted.year or ""})}
        facts |= {"may_issue": policies.may_reissue_receipts(person)}
        if facts["may_issue"] and wanted.search and not facts["rows"]:
            facts["gift"] = selectors.gift_for_staff(wanted.search)
        return super().get_context_data(**kwargs) | facts


class ReceiptPaper(ReceiptMixin, View):
    """One receipt as PDF, for those who may read whom it names."""

    may = policies.may_read_receipts
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Give the bytes that were made first; what must be made anew says that it is a copy (rule S5)."""
        receipt = self.receipt()
        return document(pdf_of_receipt(receipt), file_name(str(receipt)))


class ReceiptTable(ReceiptMixin, View):
    """Receipts to take away. A post: that names left the house is kept."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the receipts of a year and series as CSV; with names for those who may see them."""
        wanted, names = wanted_by(request), policies.may_see_names(request.user)
        name = "-".join(str(each) for each in ("receipts", wanted.series, wanted.year) if each)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{file_name(name).removesuffix(".pdf")}.csv"'
        writer = csv.writer(response)
        writer.writerow([*receipt_lists.CSV_COLUMNS, *(receipt_lists.CSV_NAMES if names else ())])
        with transaction.atomic():
            writer.writerows(receipt_lists.csv_rows(wanted, names=names))
            if names:
                note_act(Act.NAMES_EXPORTED, by=request.user.pk, subject=f"{name}.csv"[:80])
        return private(response)


class ReceiptAgain(ReceiptMixin, View):
    """Mail one once more."""

    may = policies.may_reissue_receipts
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask for the mail; show a refusal on the page."""
        receipt = self.receipt()
        try:
            send_receipt_again(receipt=receipt, by=request.user)
            messages.success(request, _("%(number)s is on its way by mail.") % {"number": receipt})
        except DomainError as refusal:
            messages.error(request, refusal.message())
        return redirect("funding_staff:receipts")


class IssueForm(forms.Form):
    """Whom the receipt names, and why it is written by hand."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Some countries want it on the receipt."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Stays in “Who did what”, so name nobody. For example: the name was misspelt."),
        error_messages={"required": gettext_lazy("Say why a receipt is written by hand.")},
    )
    is_to_mail = forms.BooleanField(
        label=gettext_lazy("Mail it to the giver"), required=False, help_text=gettext_lazy("If an address is known.")
    )


class ReceiptIssue(ReceiptMixin, StaffForm):
    """Issue a receipt by hand: anew, or the first of a gift that got none."""

    may = policies.may_reissue_receipts
    form_class = IssueForm
    page_title = gettext_lazy("Issue a receipt by hand")
    submit_label = gettext_lazy("Issue receipt")
    template_name = "funding/staff/receipt_issue.html"

    def gift(self) -> Gift:
        """Return the gift, or answer 404."""
        found = selectors.gift_for_staff(self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        """Start with whom the last one names."""
        gift = self.gift()
        holder = getattr(last_receipt(gift), "holder", None)
        return {"name": holder.name if holder else gift.donor_name, "address": holder.address if holder else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the gift and the receipt that will no longer be valid."""
        gift = self.gift()
        return super().get_context_data(row=gift_row(gift, self.request), last=last_receipt(gift), **kwargs)

    def act(self, form: Any) -> str:
        """Issue it."""
        receipt = reissue_receipt(gift=self.gift(), issued_by=self.request.user.pk, **form.cleaned_data)
        return _("%(number)s is issued.") % {"number": receipt}


def wanted_by(request: HttpRequest) -> Wanted:
    """Return what a page or a table is asked for; what is no year asks for all."""
    typed = request.POST if request.method == "POST" else request.GET
    year = typed.get("year", "")
    return Wanted(
        search=typed.get("q", "").strip()[:200],
        series=typed.get("series", "")[:20],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
    )

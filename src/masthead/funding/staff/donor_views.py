"""Donors. Each view: parse, call, reply."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from masthead.core.errors import DomainError
from masthead.core.http import private
from masthead.funding import policies, services
from masthead.funding.models import Donor
from masthead.funding.selectors import donors
from masthead.funding.services.audit import Act, note_act
from masthead.funding.staff.views import StaffMixin


class NoteForm(forms.Form):
    """What staff know of a donor."""

    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DonorMixin(StaffMixin):
    """A page about donors."""

    section = gettext_lazy("Donors")
    section_url = "funding_staff:donors"
    kwargs: dict[str, Any]

    def donor(self) -> Donor:
        """Return the one the address names, or answer 404."""
        found = donors.donor_for_staff(self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found


class DonorList(DonorMixin, TemplateView):
    """All donors who stand for themselves."""

    template_name = "funding/staff/donors.html"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of them."""
        search = self.request.GET.get("q", "").strip()[:200]
        names = policies.may_see_names(self.request.user)
        page = donors.donor_page(number=self.request.GET.get("p"), search=search, names=names)
        facts = {"page": page, "rows": donors.donor_rows(page, names=names), "q": search, "may_see_names": names}
        facts |= {"may_change": policies.may_change_donors(self.request.user), "header_title": self.section}
        return super().get_context_data(**kwargs) | facts


class DonorTable(DonorMixin, View):
    """The list to take away. A post: that names left the house is kept."""

    may = policies.may_change_donors
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return all donors as CSV, and keep who took them."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="donors.csv"'
        writer = csv.writer(response)
        writer.writerow(donors.CSV_COLUMNS)
        with transaction.atomic():
            writer.writerows(donors.csv_rows())
            note_act(Act.NAMES_EXPORTED, by=request.user.pk, subject="donors.csv")
        return private(response)


class DonorPage(DonorMixin, TemplateView):
    """One donor: his history, the note, and who he also is."""

    template_name = "funding/staff/donor.html"
    page_title = gettext_lazy("Donor")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead from one who was merged to who he is."""
        other = self.donor().merged_into
        if other is not None:
            return redirect("funding_staff:donor", other.public_id)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read it all now."""
        donor, person = self.donor(), self.request.user
        names = policies.may_see_names(person)
        facts = {"row": donors.donor_row(donor, names=names), "history": donors.history(donor)}
        facts |= {"may_change": policies.may_change_donors(person), "may_refund": policies.may_refund(person)}
        if names:
            facts |= {"note": donor.note, "form": NoteForm(initial={"note": donor.note})}
            facts["merged"] = donors.merged_into(donor)
        return super().get_context_data(**kwargs) | facts


class DonorChange(DonorMixin, View):
    """Write the note, merge or part."""

    may = policies.may_change_donors
    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Do what was asked; show a refusal on the page."""
        donor = self.donor()
        try:
            messages.success(request, self._act(donor, request.POST.get("action", "")))
        except DomainError as refusal:
            messages.error(request, refusal.message())
        return redirect("funding_staff:donor", public_id)

    def _act(self, donor: Donor, action: str) -> str:
        by, typed = self.request.user.pk, self.request.POST
        if action == "merge":
            into = donors.donor_for_staff(typed.get("into", "").strip()[:16])
            if into is None:
                raise DonorUnknown()
            services.merge_donors(donor=donor, into=into, by=by)
            return _("They are one donor now.")
        if action == "part":
            services.part_donor(donor=donor, by=by)
            return _("The donor stands alone again.")
        if action != "note":
            raise Http404
        services.write_note(donor=donor, note=typed.get("note", "")[:2000], by=by)
        return _("The note is saved.")


class DonorUnknown(DomainError):
    """The key that was typed is nobody's."""

    code = "funding.donor_unknown"
    status = 404

    def message(self) -> str:
        """Say where keys stand."""
        return _("No donor has this key. It stands beside each name in the list of donors.")

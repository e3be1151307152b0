"""Bring in bank statements and decide about their lines. Each view: parse, call, reply."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from masthead.core.display import amount
from masthead.core.errors import DomainError
from masthead.funding import policies, selectors
from masthead.funding.bank_errors import StatementRefused, StatementUnclear
from masthead.funding.models import BankLine, BankUpload
from masthead.funding.providers.bank_transfer import read_statements
from masthead.funding.selectors import bank_lines
from masthead.funding.services import bank as services
from masthead.funding.staff import bank_forms as forms
from masthead.funding.staff.views import FormPage, StaffMixin

DETAILS_SHOWN = 100


class BankMixin(StaffMixin):
    """A page for those who may bring in statements."""

    may = policies.may_decide_bank_lines
    section = gettext_lazy("Bank")
    section_url = "funding_staff:bank"

    @property
    def person(self) -> int:
        """Return the number of the account that acts."""
        return int(self.request.user.pk or 0)


class BankList(BankMixin, TemplateView):
    """The lines of all statements, those that wait first."""

    template_name = "funding/staff/bank.html"
    page_title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return one page of lines of one state."""
        counts = bank_lines.counts()
        chosen = self.request.GET.get("state", "")
        state = chosen if chosen in counts else BankLine.State.SUGGESTED.value
        page = bank_lines.line_page(state=state, number=self.request.GET.get("p"))
        facts = {"page": page, "rows": bank_lines.line_rows(page), "state": state, "header_title": self.section}
        tabs = [(value, label, counts[value]) for value, label in BankLine.State.choices]
        return super().get_context_data(**kwargs) | facts | {"tabs": tabs, "statements": bank_lines.latest_statements()}


class StatementUpload(BankMixin, FormPage):
    """Take in a file and show what it holds."""

    may = policies.may_decide_bank_lines
    form_class = forms.StatementForm
    page_title = gettext_lazy("Bring in a statement")
    submit_label = gettext_lazy("Look at it")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the file until its answer; refuse what cannot be read at once."""
        content = form.cleaned_data["file"].read()
        try:
            read_statements(content)
        except StatementUnclear:
            pass  # its page asks
        except StatementRefused as refusal:
            form.add_error("file", refusal.message())
            return self.form_invalid(form)
        upload = services.keep_upload(name=form.cleaned_data["file"].name, content=content, uploaded_by=self.person)
        return redirect("funding_staff:bank-preview", upload.public_id)


class StatementPreview(BankMixin, TemplateView):
    """Show what a file would do, ask what it does not say, and do it."""

    template_name = "funding/staff/bank_preview.html"
    page_title = gettext_lazy("What it holds")

    def upload(self) -> BankUpload:
        """Return the file, or answer 404: only who uploaded it sees it."""
        upload = bank_lines.upload_of(self.kwargs["public_id"], self.person)
        if upload is None:
            raise Http404
        return upload

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the preview, or the questions."""
        upload = self.upload()
        said = self.request.GET.dict()
        facts: dict[str, Any] = {"upload": upload, "said": said}
        try:
            file = read_statements(bytes(upload.content), forms.choices_said(said))
        except StatementUnclear as unclear:
            facts |= {"form": forms.QuestionsForm(unclear.questions), "sentence": unclear.message()}
        except StatementRefused as refusal:
            facts |= {"refused": refusal.message()}
        else:
            report = services.preview_statements(file=file, uploaded_by=self.request.user.pk)
            facts |= {"report": report, "details": report.details[:DETAILS_SHOWN], "sentences": report.sentences()[1:]}
        return super().get_context_data(**kwargs) | facts

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Bring the file in, or forget it."""
        upload = self.upload()
        if request.POST.get("answer") != "yes":
            services.forget_upload(upload=upload)
            messages.success(request, _("The file is erased; nothing was booked."))
            return redirect("funding_staff:bank")
        try:
            file = read_statements(bytes(upload.content), forms.choices_said(request.GET.dict()))
            report = services.import_statements(file=file, uploaded_by=request.user.pk)
        except DomainError as refusal:
            messages.error(request, refusal.message())
            return redirect(request.get_full_path())
        services.forget_upload(upload=upload)
        messages.success(request, f"{report.summary()}.")
        return redirect("funding_staff:bank")


class LineDecide(BankMixin, TemplateView):
    """One line, and what can become of it."""

    template_name = "funding/staff/bank_line.html"
    page_title = gettext_lazy("Decide")
    bound: Any = None

    def line(self) -> BankLine:
        """Return the line, or answer 404."""
        line = bank_lines.line_for_staff(self.kwargs["public_id"])
        if line is None:
            raise Http404
        return line

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the line, its suggestion and the forms."""
        line = self.line()
        blank = {
            "pledge_form": forms.ReferenceForm(),
            "donor_form": forms.DonorForm(
                initial={"donor_name": line.payer_name}, campaigns=bank_lines.campaigns_for(line)
            ),
            "aside_form": forms.AsideForm(),
        }
        row = bank_lines.line_row(line)
        returnable = bank_lines.gifts_to_take_back(line)
        return super().get_context_data(**kwargs) | blank | {"row": row, "returnable": returnable} | (self.bound or {})

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Do what was decided; show a refusal on the page."""
        line = self.line()
        try:
            said = self._act(line, request.POST.get("action", ""))
        except DomainError as refusal:
            messages.error(request, refusal.message())
            said = None
        if said is None:
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, said)
        return redirect("funding_staff:bank")

    def _act(self, line: BankLine, action: str) -> str | None:
        who = self.person
        if action == "accept":
            services.accept_suggestion(line=line, decided_by=who)
        elif action == "reopen":
            services.reopen_line(line=line)
            return _("The line is open again.")
        elif action == "return":
            gift = selectors.gift_for_staff(self.request.POST.get("gift", ""))
            if gift is None:
                return None
            services.take_back_gift(line=line, gift=gift, decided_by=who)
        else:
            return self._act_by_form(line, action)
        return _("%(amount)s is booked.") % {"amount": amount(line.amount)}

    def _act_by_form(self, line: BankLine, action: str) -> str | None:
        kinds = {"pledge": forms.ReferenceForm, "gift": forms.DonorForm, "aside": forms.AsideForm}
        if action not in kinds:
            return None
        choices = {"campaigns": bank_lines.campaigns_for(line)} if action == "gift" else {}
        form: Any = kinds[action](self.request.POST, **choices)
        self.bound = {{"pledge": "pledge_form", "gift": "donor_form", "aside": "aside_form"}[action]: form}
        if not form.is_valid():
            return None
        told, who = form.cleaned_data, self.person
        if action == "aside":
            services.ignore_line(line=line, reason=told["reason"], decided_by=who)
            return _("The line is put aside.")
        if action == "pledge":
            services.book_on_pledge(line=line, pledge=told["reference"], decided_by=who)
        else:
            slug = told.pop("campaign", "")
            campaign = selectors.shown_campaign(slug) if slug else selectors.open_campaign()
            services.book_as_gift(line=line, campaign=campaign, decided_by=who, **told)
        return _("%(amount)s is booked.") % {"amount": amount(line.amount)}

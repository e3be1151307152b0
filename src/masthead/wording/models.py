"""What a site says in its own words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class Wording(models.Model):
    """One phrase in one language in the site's words. It stays when the phrase itself is gone."""

    language = models.CharField(max_length=10)
    name = models.CharField(max_length=24, help_text=_("Of the phrase: a hash of its context and its English."))
    context = models.TextField(blank=True)
    msgid = models.TextField(help_text=_("The phrase in English."))
    plural = models.TextField(blank=True)
    forms = models.JSONField(help_text=_("The words, one text for each plural form."))
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()
        permissions = [("change_wording", _("Can change the wording of the site"))]
        constraints = [
            models.UniqueConstraint(fields=["language", "name"], name="one_wording_per_phrase_and_language"),
            models.CheckConstraint(condition=~Q(msgid=""), name="wording_names_its_phrase"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.msgid}"

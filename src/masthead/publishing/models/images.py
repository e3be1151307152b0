"""Pictures with what must be told about them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Picture(AbstractImage):
    """A picture with the texts that stand with it wherever a story gives none of its own."""

    alt = models.CharField(
        _("alternative text"),
        max_length=500,
        blank=True,
        help_text=_("What the picture shows, for people who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    credit = models.CharField(_("credit"), max_length=255, blank=True, help_text=_("Who made it."))

    _default_manager: ClassVar[models.Manager[Picture]]

    admin_form_fields = (*Image.admin_form_fields, "alt", "caption", "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def default_alt_text(self) -> str:
        """What Wagtail's own screens say of the picture."""
        return self.alt or self.title


class PictureRendition(AbstractRendition):
    """Renditions of the admin's own screens; public pages use the addresses of ``rules.renditions``."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_spec")
        ]

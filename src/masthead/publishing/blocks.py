"""The blocks of a story's body.

Each stores plain values; how they look is said once, in ``services/body_html.py``, for the public page, the preview
and the feed alike.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "italic", "link", "document-link", "code", "superscript", "subscript", "strikethrough"]
LEVELS = [("2", _("Heading")), ("3", _("Smaller heading")), ("4", _("Smallest heading"))]


class HeadingBlock(blocks.StructBlock):
    """A heading inside the story."""

    text = blocks.CharBlock(label=_("Heading"), max_length=255)
    level = blocks.ChoiceBlock(label=_("Size"), choices=LEVELS, default="2")

    class Meta:
        icon = "title"
        label = _("Heading")


class PictureBlock(blocks.StructBlock):
    """A picture; empty texts fall back to those of the picture itself."""

    picture = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        required=False,
        max_length=500,
        help_text=_("What it shows, for people who cannot see it. Empty: as stored with the picture."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=1000)
    credit = blocks.CharBlock(label=_("Credit"), required=False, max_length=255)

    class Meta:
        icon = "image"
        label = _("Picture")


class GalleryBlock(blocks.StructBlock):
    """Several pictures together."""

    pictures = blocks.ListBlock(PictureBlock(), label=_("Pictures"), min_num=1)

    class Meta:
        icon = "image"
        label = _("Gallery")


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=_("Quote"), rows=3)
    attribution = blocks.CharBlock(label=_("Who said it, and where"), required=False, max_length=255)

    class Meta:
        icon = "openquote"
        label = _("Quote")


class ListItemsBlock(blocks.StructBlock):
    """A list with one block per item."""

    ordered = blocks.BooleanBlock(label=_("Numbered"), required=False)
    items = blocks.ListBlock(blocks.RichTextBlock(features=INLINE), label=_("Items"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("List")


class CodeBlock(blocks.StructBlock):
    """Lines shown as they are."""

    language = blocks.CharBlock(label=_("Language"), required=False, max_length=40)
    code = blocks.TextBlock(label=_("Code"), rows=8)

    class Meta:
        icon = "code"
        label = _("Code")


class EmbedBlock(blocks.StructBlock):
    """Something on another site, shown as a card that loads nothing until a reader presses it."""

    url = blocks.URLBlock(label=_("Address"), help_text=_("Of the page that shows it, as in the browser's bar."))
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=255)

    class Meta:
        icon = "media"
        label = _("Embed")


class StoryBlock(blocks.StreamBlock):
    """The body of a story."""

    text = blocks.RichTextBlock(label=_("Text"), features=[*INLINE, "ol", "ul"])
    heading = HeadingBlock()
    picture = PictureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    list = ListItemsBlock()
    table = TypedTableBlock(
        [
            ("text", blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link"], required=False)),
            ("number", blocks.CharBlock(label=_("Figures"), required=False)),
        ],
        label=_("Table"),
        icon="table",
    )
    code = CodeBlock()
    embed = EmbedBlock()
    html = blocks.RawHTMLBlock(
        label=_("HTML"),
        help_text=_("Kept from an import. Scripts, styles and frames are removed before anybody sees it."),
    )
    rule = blocks.StaticBlock(label=_("Line"), icon="horizontalrule", admin_text=_("A thin line between two parts."))

    class Meta:
        label = _("Body")

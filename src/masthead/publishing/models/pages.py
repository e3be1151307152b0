"""The page tree: home, sections, articles, plain pages."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, PageChooserPanel, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Page

from masthead.publishing.blocks import StoryBlock
from masthead.publishing.models.addresses import reserved_slugs
from masthead.publishing.models.forms import ArticlePageForm
from masthead.publishing.models.served import ServedByView


class TopLevelPage(ServedByView, Page):
    """A page directly under the front page: its address must not be one the site itself uses."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an address that the site itself uses."""
        super().clean()
        if self.slug in reserved_slugs():
            raise ValidationError({"slug": _("This address belongs to the site itself. Choose another one.")})


class HomePage(ServedByView, Page):
    """The front page."""

    lead_story = models.ForeignKey(
        "publishing.ArticlePage",
        verbose_name=_("lead story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Stands first. Empty: the newest story."),
    )

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["publishing.SectionPage", "publishing.PlainPage"]
    content_panels = [*Page.content_panels, PageChooserPanel("lead_story", "publishing.ArticlePage")]

    class Meta:
        verbose_name = _("front page")


class SectionPage(TopLevelPage):
    """A part of the paper."""

    description = models.TextField(_("description"), blank=True, help_text=_("One sentence under the section's name."))

    parent_page_types = ["publishing.HomePage"]
    subpage_types = ["publishing.ArticlePage"]
    show_in_menus_default = True
    content_panels = [*Page.content_panels, FieldPanel("description")]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class PlainPage(TopLevelPage):
    """A page that is no story: about, rules, privacy."""

    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(StoryBlock(), verbose_name=_("body"), blank=True)

    parent_page_types = ["publishing.HomePage", "publishing.PlainPage"]
    subpage_types = ["publishing.PlainPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")


class ArticlePage(ServedByView, Page):
    """A story."""

    class Kind(models.TextChoices):
        """What readers are told it is."""

        NEWS = "news", _("News")
        ANALYSIS = "analysis", _("Analysis")
        FEATURE = "feature", _("Feature")
        INTERVIEW = "interview", _("Interview")
        OPINION = "opinion", _("Opinion")
        EDITORIAL = "editorial", _("Editorial")
        LETTER = "letter", _("Letter")
        REVIEW = "review", _("Review")
        NOTICE = "notice", _("Notice")

    class Comments(models.TextChoices):
        """Whether readers can take part."""

        OPEN = "open", _("open")
        CLOSED = "closed", _("closed: shown, but no new ones")
        OFF = "off", _("off: not shown")

    class DiscussionKind(models.TextChoices):
        """What readers are asked for."""

        COMMENTS = "comments", _("comments")
        QUESTIONS = "questions", _("questions that the author or the staff answers")
        RATINGS = "ratings", _("comments with one to five stars")

    class RatedType(models.TextChoices):
        """What readers rate, in words of schema.org: types for which search engines show stars."""

        BOOK = "Book", _("a book")
        EVENT = "Event", _("an event")
        GAME = "VideoGame", _("a game")
        BUSINESS = "LocalBusiness", _("a shop or service")
        MOVIE = "Movie", _("a film")
        PRODUCT = "Product", _("a product")
        RESTAURANT = "Restaurant", _("a restaurant")
        SOFTWARE = "SoftwareApplication", _("a programme or app")
        SERIES = "TVSeries", _("a series")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NEWS)
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("One or two sentences under the headline."))
    picture = models.ForeignKey(
        "publishing.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_alt = models.CharField(
        _("alternative text"),
        max_length=500,
        blank=True,
        help_text=_("What it shows, for people who cannot see it. Empty: as stored with the picture."),
    )
    picture_caption = models.CharField(_("caption"), max_length=1000, blank=True)
    picture_credit = models.CharField(_("credit"), max_length=255, blank=True)
    body = StreamField(StoryBlock(), verbose_name=_("body"), blank=True)
    published_at = models.DateTimeField(
        _("date shown"), null=True, blank=True, help_text=_("Empty: the moment of first publication.")
    )
    comments = models.CharField(_("comments"), max_length=10, choices=Comments, default=Comments.OPEN)
    discussion_kind = models.CharField(
        _("readers write"), max_length=10, choices=DiscussionKind, default=DiscussionKind.COMMENTS
    )
    rated_type = models.CharField(
        _("what readers rate"),
        max_length=20,
        choices=RatedType,
        blank=True,
        help_text=_("Tells search engines. Empty: they are told of no stars."),
    )
    rated_name = models.CharField(_("its name"), max_length=200, blank=True)
    tags = ClusterTaggableManager(
        through="publishing.ArticleTag", blank=True, verbose_name=_("tags"), help_text=_("Separated by commas.")
    )

    parent_page_types = ["publishing.SectionPage"]
    subpage_types: list[str] = []
    base_form_class = ArticlePageForm

    content_panels = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        InlinePanel("bylines", label=_("Author"), heading=_("Authors"), min_num=0),
        MultiFieldPanel(
            [
                FieldPanel("picture"),
                FieldPanel("picture_alt"),
                FieldPanel("picture_caption"),
                FieldPanel("picture_credit"),
            ],
            heading=_("Lead picture"),
        ),
        FieldPanel("body"),
    ]
    reader_panels = [
        FieldPanel("comments"),
        FieldPanel("discussion_kind"),
        MultiFieldPanel(
            [
                InlinePanel(
                    "rated_fields",
                    label=_("Field"),
                    heading=_("What is rated beside “Overall”"),
                    help_text=_("For instance Food, Service. A field that is removed takes its stars from view."),
                    max_num=5,
                ),
                FieldPanel("rated_type"),
                FieldPanel("rated_name"),
            ],
            heading=_("Stars"),
        ),
        InlinePanel(
            "passages",
            label=_("Question"),
            heading=_("Questions to readers"),
            help_text=_("Mark words of the story and ask about them; answers appear among the comments."),
        ),
        InlinePanel("chosen_related", label=_("Story"), heading=_("Read next"), max_num=3),
    ]
    promote_panels = [
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("tags"), FieldPanel("published_at")], heading=_("Filing")),
        *Page.promote_panels,
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Story")),
            ObjectList(reader_panels, heading=_("Readers")),
            ObjectList(promote_panels, heading=_("Filing")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ]
    )

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    @property
    def thread_key(self) -> str:
        """The opaque name of this story's discussion."""
        return thread_key(self.pk)


def thread_key(article_id: int | None) -> str:
    """Return the opaque name of a story's discussion."""
    return f"article:{article_id}"

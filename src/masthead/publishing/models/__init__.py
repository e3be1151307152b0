"""The tables of publishing."""

from masthead.publishing.models.correction import Correction
from masthead.publishing.models.editions import Edition, PublishedStory
from masthead.publishing.models.images import Picture, PictureRendition
from masthead.publishing.models.pages import ArticlePage, HomePage, PlainPage, SectionPage
from masthead.publishing.models.parts import ArticleTag, Byline, Passage, RatedField, RelatedStory
from masthead.publishing.models.snippets import Author

__all__ = [
    "ArticlePage",
    "ArticleTag",
    "Author",
    "Byline",
    "Correction",
    "Edition",
    "HomePage",
    "Passage",
    "Picture",
    "PictureRendition",
    "PlainPage",
    "PublishedStory",
    "RatedField",
    "RelatedStory",
    "SectionPage",
]

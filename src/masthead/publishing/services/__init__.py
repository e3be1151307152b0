"""What happens in publishing: one use case per module."""

from masthead.publishing.services.ensure_site import ensure_site
from masthead.publishing.services.keep_redirects import put_redirect
from masthead.publishing.services.make_renditions import make_renditions_of
from masthead.publishing.services.note_comment_count import note_comment_count
from masthead.publishing.services.publish_due import publish_due
from masthead.publishing.services.put_article import PassageDraft, RatingDraft, put_article
from masthead.publishing.services.put_author import put_author
from masthead.publishing.services.put_correction import put_correction
from masthead.publishing.services.put_pages import put_plain_page, put_section
from masthead.publishing.services.put_picture import put_picture
from masthead.publishing.services.put_tags import put_tags
from masthead.publishing.services.raw_body import Block
from masthead.publishing.services.seal_edition import seal_edition, withdraw_article

__all__ = [
    "Block",
    "PassageDraft",
    "RatingDraft",
    "ensure_site",
    "make_renditions_of",
    "note_comment_count",
    "publish_due",
    "put_article",
    "put_author",
    "put_correction",
    "put_picture",
    "put_plain_page",
    "put_redirect",
    "put_section",
    "put_tags",
    "seal_edition",
    "withdraw_article",
]

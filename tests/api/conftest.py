"""The whole site with one story, one campaign, and people who wrote."""

from __future__ import annotations

import pytest

from masthead.funding.testing import make_campaign
from masthead.publishing.testing import make_article, make_author
from tests.api.calling import Caller


@pytest.fixture
def key(db: None) -> str:
    """The key of the discussion under a public story."""
    article = make_article(authors=[make_author()], tags=["Pumps"])
    return f"article:{article.pk}"


@pytest.fixture
def campaign(db: None) -> str:
    """The short name of the campaign that is shown."""
    return make_campaign().slug


@pytest.fixture
def caller() -> Caller:
    """A program without a token."""
    return Caller()

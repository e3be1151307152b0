"""The root of the page tree."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import transaction
from wagtail.models import Page, Site

from masthead.publishing.models import HomePage


def ensure_site(*, name: str, url: str) -> HomePage:
    """Make the front page and the site that shows it, or bring both up to ``name`` and ``url``.

    Replaces the welcome page of a fresh database. Safe to call again.
    """
    parts = urlsplit(url)
    default_port = 443 if parts.scheme == "https" else 80
    with transaction.atomic():
        home = HomePage.objects.first() or _make_home(name)
        site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
        site.hostname = parts.hostname or "localhost"
        site.port = parts.port or default_port
        site.site_name = name
        site.root_page = home
        site.save()
        if home.title != name:
            home.title = home.draft_title = name
            home.save(update_fields=["title", "draft_title"])
    Site.clear_site_root_paths_cache()
    return home


def _make_home(name: str) -> HomePage:
    root = Page.get_first_root_node()
    # The welcome page that Wagtail's first migration leaves is a bare Page; nothing of ours ever is.
    for page in root.get_children().exact_type(Page):
        page.delete()
    root = Page.objects.get(pk=root.pk)
    home = HomePage(title=name, draft_title=name, slug="home")
    root.add_child(instance=home)
    return home

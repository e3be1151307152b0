"""A page that carries a discussion, as any site could: the article of these tests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from masthead.core import slots
from masthead.core.http import private, public
from masthead.project import urls as project_urls

_PAGE = """{% extends "base.html" %}{% block title %}The pumps{% endblock %}{% block main %}
<article class="article"><h1>The pumps</h1><p>{% slot "article.meta" key=key %}</p>
<div class="story"><p>The older type of pump.</p>
<aside class="side-note" id="note-1">{% slot "article.passage" key=passage number=1 %}</aside></div>
{% slot "article.discussion" key=key %}</article>{% endblock %}"""


def article(request: HttpRequest, number: int) -> HttpResponse:
    """Show the story of one thread."""
    key = f"article:{number}"
    slots.prepare(request, "article.passage", [f"{key}#p1"])
    html = engines["django"].from_string(_PAGE).render({"key": key, "passage": f"{key}#p1"}, request)
    response = HttpResponse(html)
    return private(response) if "mine" in request.GET else public(response, [f"thread:{key}"])


handler404 = project_urls.handler404
handler500 = project_urls.handler500
urlpatterns = [
    path("article-<int:number>/", article),
    path("-/comments/", include("masthead.discussion.urls")),
    *[item for item in project_urls.urlpatterns if "comments" not in str(getattr(item, "pattern", ""))],
]

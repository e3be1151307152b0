"""Addresses of publishing. The tree answers whatever is left, so these come last in the project."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern
from wagtail.urls import urlpatterns as wagtail_patterns

from masthead.publishing import feeds
from masthead.publishing.views import files, lists, pages

app_name = "publishing"
urlpatterns = [
    path("media/<path:name>", files.media, name="media"),
    path("robots.txt", files.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-lists.xml", feeds.sitemap_lists, name="sitemap-lists"),
    path("sitemap-<int:part>.xml", feeds.sitemap_part, name="sitemap-part"),
    path("search/", lists.search, name="search"),
    path("feed/", feeds.site_feed, name="feed"),
    path("authors/<str:slug>/", lists.author, name="author"),
    path("authors/<str:slug>/feed/", feeds.author_feed, name="author-feed"),
    path("tags/<str:slug>/", lists.tag, name="tag"),
    path("tags/<str:slug>/feed/", feeds.tag_feed, name="tag-feed"),
    path("<str:slug>/feed/", feeds.section_feed, name="section-feed"),
]

# Wagtail reverses these names without a namespace: its password pages, and the tree itself.
tree_patterns = [
    *(pattern for pattern in wagtail_patterns if pattern.name != "wagtail_serve"),
    re_path(serve_pattern, pages.page, name="wagtail_serve"),
]

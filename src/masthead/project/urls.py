"""All addresses of the site."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from masthead.discussion.urls import embed_patterns
from masthead.project import api, embed, style, views
from masthead.publishing.urls import tree_patterns

handler404 = "masthead.project.views.not_found"
handler500 = "masthead.project.views.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("api/v1/stories/<int:article_id>/annotations", views.story_annotations, name="story-annotations"),
    path("-/style-<slug:digest>.css", style.stylesheet, name="stylesheet"),
    path("api/openapi.json", api.openapi, name="openapi"),
    path(api.ROOT.lstrip("/"), api.api.urls),
    re_path(r"^api(/.*)?$", api.nothing),
    path("embed.js", embed.embed_script, name="embed-script"),
    path("-/embed/meter/", embed.embed_meter, name="embed-meter"),
    path("-/embed/meter/<slug:slug>/", embed.embed_meter, name="embed-campaign"),
    path("-/embed/comments/", include((embed_patterns, "discussion_elsewhere"))),
    path("-/embed/<slug:digest>/<str:name>", embed.embed_file, name="embed-file"),
    path("-/notify/", include("masthead.notifications.urls")),
    path("-/comments/", include("masthead.discussion.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("masthead.funding.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("masthead.accounts.entrance")),
    path("", include("masthead.accounts.urls")),
    # Last: the page tree answers whatever is left.
    path("", include("masthead.publishing.urls")),
    path("", include(tree_patterns)),
]

"""Files: media, renditions, robots.txt."""

from __future__ import annotations

import mimetypes
import posixpath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from masthead.core.http import absolute_url, public
from masthead.publishing import selectors
from masthead.publishing.errors import PictureRefused
from masthead.publishing.rules import renditions
from masthead.publishing.services.make_renditions import make_rendition

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
# Types that a browser shows without running anything; all else is handed over as a file.
_SHOWN = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
# Documents and pictures of readers have views of their own, which ask who may see them.
_ELSEWHERE = ("documents/", "comments/")

mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out a file of the media storage; sizes of pictures are made when first asked for."""
    if posixpath.normpath(name) != name or name.startswith(("/", "../", *_ELSEWHERE)) or "\x00" in name:
        raise Http404(name)
    try:
        if default_storage.exists(name):
            return _file(name)
    except (SuspiciousFileOperation, OSError, ValueError) as error:
        raise Http404(name) from error
    rendition = renditions.parse(name)
    if rendition is None:
        raise Http404(name)
    return _made(rendition)


def _made(rendition: renditions.Rendition) -> HttpResponse:
    picture = selectors.picture(rendition.picture_id)
    if picture is None:
        raise Http404(rendition.name)
    if not picture.file_hash.startswith(rendition.digest):
        # The file of the picture was replaced after the story was sealed.
        current = renditions.Rendition(picture.pk, picture.file_hash[:10], rendition.shape, rendition.extension)
        return HttpResponseRedirect(f"/media/{current.name}")
    try:
        content = make_rendition(rendition=rendition, picture=picture)
    except PictureRefused as error:
        raise Http404(rendition.name) from error
    response = HttpResponse(content, content_type=mimetypes.guess_type(rendition.name)[0])
    return _guarded(response, rendition.name)


def _file(name: str) -> HttpResponse:
    opened = default_storage.open(name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(opened, content_type=kind, as_attachment=kind not in _SHOWN)
    return _guarded(response, name)


def _guarded(response: HttpResponse | FileResponse, name: str) -> HttpResponse:
    """Let nothing in a stored file run, whatever it says it is."""
    rendition = renditions.parse(name)
    public(response, [f"picture:{rendition.picture_id}" if rendition else "media"])  # type: ignore[arg-type]
    response["Cache-Control"] = FOR_GOOD if name.startswith("renditions/") else FOR_A_DAY
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response  # type: ignore[return-value]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone and where the map is."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /search/",
        "Disallow: /-/",
        "",
        f"Sitemap: {absolute_url('/sitemap.xml')}",
        "",
    ]
    return public(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"), ["robots"])

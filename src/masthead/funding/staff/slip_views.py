"""The photo of a gift's slip, for those who may see gifts and names."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_denied

from masthead.core.http import private
from masthead.funding import policies
from masthead.funding.selectors.slips import slip_of


@require_safe
def slip(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the picture itself."""
    if not policies.may_see_slips(request.user):
        denied: HttpResponse = permission_denied(request)
        return denied
    found = slip_of(public_id)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="image/webp")
    response["Content-Disposition"] = f'inline; filename="slip-{public_id}.webp"'
    return private(response)

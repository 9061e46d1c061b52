"""A body that is too large is refused before it is read, with a page that says what was allowed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from haicap.config.views import bad_request, too_large


class BodyLimit:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not str(request.META.get("CONTENT_LENGTH") or "0").isdigit():
            return bad_request(request)
        limit = allowed(request)
        # a body without a stated length is not read at all by WSGI, so the stated length is the whole truth
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            return too_large(request, limit)
        return self.get_response(request)


# Doors of systems, which read the body in pieces and never whole
STREAMED = ("/api/intake/", "/dataValueSets")
# A year of dossiers of a province in one file; it goes to the disk piece by piece
FILES_OF_SYSTEMS = "/ho-so/nhap/"


def allowed(request: HttpRequest) -> int:
    if request.path.startswith("/api/") and any(part in request.path for part in STREAMED):
        return int(settings.INTAKE_MAX_SIZE)
    is_upload = (request.content_type or "").startswith("multipart/")
    if is_upload and request.path == FILES_OF_SYSTEMS:
        return int(settings.INTAKE_MAX_SIZE)
    return int(settings.UPLOAD_MAX_SIZE if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

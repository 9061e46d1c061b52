"""A refusal that a view did not answer itself becomes a page with its sentence, never a server error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from haicap.config.views import error
from haicap.core.errors import Refusal
from haicap.ui import wording

# What is not there, or not for this person, looks the same
NOT_FOUND = (".unknown", ".closed", ".forbidden", ".missing")


class RefusalPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        status = 404 if exception.code.endswith(NOT_FOUND) else 400
        return error(request, status, _("Không thực hiện được"), wording.refusal(exception))

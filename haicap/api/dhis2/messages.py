"""DHIS2's envelope for everything that is not a plain answer.

The words are English, as DHIS2's are: programs read them, and people who look for them on the web.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

UNAUTHORISED = 'Basic realm="Haicap", charset="UTF-8"'


class WebMessageError(Exception):
    """Ends a request with DHIS2's envelope; `code` is DHIS2's own ("E2014"), "" where it gives none."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str = "",
        response: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code
        self.response, self.headers = response, headers or {}


def web_message(
    status: int,
    message: str = "",
    code: str = "",
    *,
    word: str = "",
    response: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> JsonResponse:
    """{httpStatus, httpStatusCode, status, message, errorCode, response}; `word` is OK, WARNING or ERROR."""
    body: dict[str, Any] = {
        "httpStatus": phrase(status),
        "httpStatusCode": status,
        "status": word or ("OK" if status < 400 else "ERROR"),
    }
    if message:
        body["message"] = message
    if code:
        body["errorCode"] = code
    if response is not None:
        body["response"] = response
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def refuse_filter(text: str) -> WebMessageError:
    return WebMessageError(409, f"Unable to parse filter `{text}`", "E2014")


def bad_parameter(name: str, value: str, kind: str) -> WebMessageError:
    return WebMessageError(400, f"Value '{value[:80]}' is not valid for parameter {name}, expected {kind}")


def not_found(kind: str, uid: str) -> WebMessageError:
    return WebMessageError(404, f"{kind} with id {uid} could not be found.", "E1005")

"""The OpenAPI document and a page made from it: no script, nothing from another host."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from haicap.api.open.v1 import answers
from haicap.api.open.v1.api import api

SPOKEN = ("description", "summary")
SCHEMES = {
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": _("Khóa, gửi trong Authorization: Bearer …"),
    },
    "ApiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": _("Khóa, gửi trong X-API-Key."),
    },
}
# By status, as HTTP names them in English everywhere
STATUS_WORDS = {
    "200": _("Câu trả lời."),
    "304": _("Bản mà người hỏi đang giữ (If-None-Match) vẫn đúng."),
    "400": _("Tham số không đúng."),
    "401": _("Thiếu khóa, hoặc khóa không còn hiệu lực."),
    "404": _("Không có, hoặc không dành cho khóa này."),
    "429": _("Quá số lượt trong một phút; thử lại sau Retry-After giây."),
    "503": _("Số liệu đang được phục hồi; thử lại sau Retry-After giây."),
}


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document in the language of the moment."""
    made = dict(api.get_openapi_schema(path_prefix=reverse("open-v1:reference").lstrip("/")))
    made["components"] = {**made["components"], "securitySchemes": SCHEMES}
    # in the demo a key may be left out
    made["security"] = [{"Bearer": []}, {"ApiKey": []}, *([{}] if settings.HAICAP_DEMO else [])]
    for operation in operations(made):
        for parameter in operation["parameters"]:
            parameter["schema"] = without_null(parameter["schema"])
        answers_by_status = {str(status): answer for status, answer in operation["responses"].items()}
        answers_by_status["304"] = {}
        operation["responses"] = {
            status: {**answers_by_status[status], "description": STATUS_WORDS[status]}
            for status in sorted(answers_by_status)
        }
    return cast("dict[str, Any]", spoken(made))


def operations(of: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in of["paths"].values() for operation in methods.values()]


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out, never sent as null."""
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**rest, **kinds[0]}


def spoken(node: Any) -> Any:
    """The same document with its descriptions in the language of the moment."""
    if isinstance(node, dict):
        return {
            name: gettext(value) if name in SPOKEN and isinstance(value, str) and value else spoken(value)
            for name, value in node.items()
        }
    return [spoken(one) for one in node] if isinstance(node, list) else node


@answers.polite
def openapi(request: HttpRequest) -> HttpResponse:
    made = JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
    made["Cache-Control"] = "public, no-cache"
    made["Access-Control-Allow-Origin"] = "*"
    made["Cross-Origin-Resource-Policy"] = "cross-origin"
    return made

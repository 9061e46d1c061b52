"""The reference as a page, in the language of the reader's session."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.api import access
from haicap.api.actions import USUAL_RATE
from haicap.api.open.v1 import answers, figures
from haicap.api.open.v1.reference import document
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    made = document()
    month = periods.last_closed(Kind.MONTH, clock.today()).key
    context = {
        "doc": made,
        "operations": [_operation(path, methods["get"], made) for path, methods in made["paths"].items()],
        "shapes": [_shape(name, made) for name in sorted(made["components"]["schemas"])],
        "example": request.build_absolute_uri(
            reverse("open-v1:reference") + f"heatmap?province=66&period={month}&indicator=SCORE"
        ),
        "open": settings.HAICAP_DEMO,
        "key_rate": USUAL_RATE,
        "address_rate": access.ADDRESS_RATE,
        "digits": figures.DIGITS,
    }
    return render(request, "api/reference.html", context)


@answers.polite
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise Refusal("address.unknown", _("Không có địa chỉ này trong API."))


def _operation(path: str, operation: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    return {
        "path": path,
        "name": operation["operationId"],
        "summary": operation["summary"],
        "description": operation["description"],
        "parameters": [
            {
                "name": one["name"],
                "kind": _kind(one["schema"]),
                "required": one["required"],
                "description": one.get("description", ""),
                "default": one["schema"].get("default"),
            }
            for one in operation["parameters"]
        ],
        "answers": [
            {"status": status, "description": one["description"], "shape": _shape_name(one)}
            for status, one in operation["responses"].items()
        ],
    }


def _shape(name: str, made: dict[str, Any]) -> dict[str, Any]:
    schema = made["components"]["schemas"][name]
    return {
        "name": name,
        "values": schema.get("enum", ()),
        "fields": [
            {"name": field, "kind": _kind(about), "description": about.get("description", "")}
            for field, about in schema.get("properties", {}).items()
        ],
    }


def _shape_name(answer: dict[str, Any]) -> str:
    content = answer.get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def _kind(schema: dict[str, Any]) -> str:
    """A type in a few letters: number | null, list of RowOut."""
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format") or schema.get("type", ""))

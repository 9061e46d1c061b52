"""What the machines' door promises, as an OpenAPI 3.1 document in the language of the moment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from haicap.api.intake.v1.records import CSV, JSON, LINES
from haicap.api.open.v1.answers import polite
from haicap.api.open.v1.reference import SCHEMES, spoken
from haicap.dossiers.queries.reasons import FIELDS
from haicap.reporting.actions import Strategy

COUNTS = ("read", "imported", "updated", "removed", "unchanged", "rejected", "reports")


def document() -> dict[str, Any]:
    problem = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    outcome = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Outcome"}}}}
    refusals = {
        "400": _("Nội dung hoặc tham số không đúng; không nhận gì."),
        "401": _("Thiếu khóa, hoặc khóa không còn hiệu lực."),
        "403": _("Khóa này chỉ dùng để đọc."),
        "409": _("Khóa chống gửi trùng đã dùng cho nội dung khác."),
        "413": _("Nội dung quá lớn."),
        "415": _("Loại nội dung không đọc được."),
        "429": _("Quá số lượt trong một phút; thử lại sau Retry-After giây."),
    }
    answers = {
        "200": {"description": _("Đã nhận hết hoặc một phần; mỗi bản ghi đều được kể."), **outcome},
        "422": {"description": _("Không giữ lại bản ghi nào."), **outcome},
        **{status: {"description": words, **problem} for status, words in refusals.items()},
    }
    post = {
        "operationId": "values",
        "summary": _("Gửi số liệu vào báo cáo"),
        "parameters": _parameters(),
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"$ref": "#/components/schemas/Values"}},
                LINES: {"schema": {"type": "string"}},
                CSV: {"schema": {"type": "string"}},
            },
        },
        "responses": answers,
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Haicap intake", "version": "1.0.0"},
        "paths": {
            reverse("intake-v1:values"): {"post": post},
            reverse("intake-v1:dossiers"): {"post": _dossiers(answers)},
        },
        "components": {"schemas": _schemas(), "securitySchemes": spoken(SCHEMES)},
        "security": [{"Bearer": []}, {"ApiKey": []}],
    }


def _dossiers(refused: dict[str, Any]) -> dict[str, Any]:
    told = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/DossierOutcome"}}}}
    answers = {
        "200": {"description": _("Đã nhận hết hoặc một phần; mỗi bản ghi đều được kể."), **told},
        "422": {"description": _("Không giữ lại bản ghi nào."), **told},
    }
    source = {
        "name": "source", "in": "query", "required": True, "schema": {"type": "string", "maxLength": 40},
        "description": _("Mã nguồn đã khai báo ở trang Nguồn hồ sơ."),
    }  # fmt: skip
    return {
        "operationId": "dossiers",
        "summary": _("Gửi từng hồ sơ; gửi lại thì cập nhật theo mã hồ sơ"),
        "parameters": [source, *(one for one in _parameters() if one["name"] != "strategy")],
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"$ref": "#/components/schemas/Dossiers"}},
                LINES: {"schema": {"type": "string"}},
            },
        },
        "responses": {**refused, **answers},
    }


def _dossier_schemas() -> dict[str, Any]:
    """Fields that are not named here are dropped, and the answer says which."""
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    cell = {"type": ["string", "number", "boolean", "null"]}
    record = {
        "type": "object",
        "required": ["code", "unit", "procedure", "received", "channel"],
        "properties": {name: cell for name in FIELDS if name != "steps"} | {"steps": {"type": "array"}},
    }
    rejection = {
        "type": "object",
        "required": ["index", "code", "field", "message"],
        "properties": {"index": {"type": "integer"}, "code": text, "field": text, "message": text},
    }
    counts = ("read", "created", "updated", "unchanged", "rejected")
    outcome = {
        "type": "object",
        "required": ["status", *counts, "rejections", "dropped"],
        "properties": {
            "status": {"enum": ["accepted", "partial", "rejected"]},
            "dry_run": {"type": "boolean"},
            "repeated": {"type": "boolean"},
            "intake": {"type": ["integer", "null"]},
            **dict.fromkeys(counts, count),
            "dropped": {"type": "array", "items": text},
            "rejections_left_out": count,
            "rejections": {"type": "array", "items": rejection},
        },
    }
    many = {"type": "array", "items": {"$ref": "#/components/schemas/Dossier"}}
    body = {
        "type": "object", "additionalProperties": False, "required": ["dossiers"],
        "properties": {"dossiers": many},
    }  # fmt: skip
    return {"Dossier": record, "Dossiers": body, "DossierOutcome": outcome}


def _parameters() -> list[dict[str, Any]]:
    def one(name: str, choices: list[str], words: str, place: str = "query") -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string"}
        if choices:
            schema["enum"] = choices
        return {"name": name, "in": place, "required": False, "schema": schema, "description": words}

    keyed = one("Idempotency-Key", [], _("Gửi lại cùng khóa thì nhận câu trả lời đầu tiên."), "header")
    keyed["schema"] |= {"maxLength": 64, "pattern": "^[ -~]*$"}
    return [
        one("mode", ["partial", "all_or_nothing"], _("Giữ bản ghi đúng, hoặc tất cả hoặc không gì cả.")),
        one("dry_run", ["true", "false"], _("Kiểm tra như thật, không giữ lại gì.")),
        one("strategy", [one.value for one in Strategy], _("Tạo, sửa, cả hai, hoặc xóa.")),
        keyed,
    ]


def _schemas() -> dict[str, Any]:
    text, number = {"type": "string"}, {"type": ["number", "string", "null"]}
    record = {
        "type": "object",
        "additionalProperties": False,
        "required": ["period", "unit", "element"],
        "properties": {
            "form": text,
            "period": text,
            "unit": text,
            "element": text,
            "value": number,
            "no_figure": text,
            "remove": {"type": "boolean"},
            "split": text,
            "attribution": text,
            "note": text,
        },
    }
    rejection = {
        "type": "object",
        "required": ["index", "place", "code", "message", "element"],
        "properties": {
            "index": {"type": "integer"},
            "place": text,
            "code": text,
            "message": text,
            "element": text,
            "other": {"type": "integer"},
        },
    }
    outcome = {
        "type": "object",
        "required": ["status", *COUNTS, "rejections"],
        "properties": {
            "status": {"enum": ["accepted", "partial", "rejected"]},
            "dry_run": {"type": "boolean"},
            "repeated": {"type": "boolean"},
            "intake": {"type": ["integer", "null"]},
            **{name: {"type": "integer", "minimum": 0} for name in COUNTS},
            "held": {"type": "array"},
            "rejections_left_out": {"type": "integer", "minimum": 0},
            "rejections": {"type": "array", "items": {"$ref": "#/components/schemas/Rejection"}},
        },
    }
    problem = {
        "type": "object",
        "required": ["code", "message", "place"],
        "properties": {"code": text, "message": text, "place": text},
    }
    values = {
        "type": "object",
        "additionalProperties": False,
        "required": ["values"],
        "properties": {"values": {"type": "array", "items": {"$ref": "#/components/schemas/Record"}}},
    }
    return {
        "Record": record, "Rejection": rejection, "Outcome": outcome, "Problem": problem, "Values": values,
        **_dossier_schemas(),
    }  # fmt: skip


@polite
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})

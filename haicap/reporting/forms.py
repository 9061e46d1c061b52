"""From what a browser sends to what an action takes. Field names of the grid:

v-<element> text · r-<element> reason for "no figure" · b-<element> version it is based on · return-<element>
reason of a return · note-<element>-<check> reason for an unusual figure · do what the button asks for · lang
the language of the page (what was typed into a Vietnamese page stays Vietnamese when the language changes).
"""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from haicap.catalogue.queries import Form
from haicap.core.errors import Refusal
from haicap.core.languages import known

from .actions import CellChange

KEY_LENGTH = 64


def version_of(text: str | None) -> int | None:
    """A version number from a form field; anything else is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def changes_from_post(data: QueryDict, form: Form) -> list[CellChange]:
    """Every cell that the page carried; fields that it did not carry change nothing."""
    return [
        CellChange(
            element=code,
            base_version=version_of(data.get(f"b-{code}")) or 0,
            text=data.get(f"v-{code}", ""),
            no_figure_reason="" if data.get(f"v-{code}", "").strip() else data.get(f"r-{code}", ""),
        )
        for code in form.elements
        if f"v-{code}" in data
    ]


def typed_from_post(data: QueryDict, form: Form) -> dict[str, str]:
    return {code: data.get(f"v-{code}", "") for code in form.elements if f"v-{code}" in data}


def changes_from_json(body: bytes) -> tuple[str, list[CellChange]]:
    """{"lang": "vi", "cells": [{"e": element, "b": version, "t": text, "r": reason}]}; Refusal save.form."""
    try:
        data = json.loads(body)
        cells = [_change(one) for one in data["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refusal("save.form", gettext_lazy("Dữ liệu gửi lên không đọc được. Chưa lưu gì.")) from error
    return known(data.get("lang") if isinstance(data.get("lang"), str) else None), cells


def _change(one: Mapping[str, Any]) -> CellChange:
    element, base, text, reason = one["e"], one["b"], one.get("t", ""), one.get("r", "")
    fits = all(isinstance(part, str) for part in (element, text, reason))
    if not fits or isinstance(base, bool) or not isinstance(base, int) or base < 0:
        raise TypeError("a cell has the wrong form")
    return CellChange(element, base, text, no_figure_reason="" if text.strip() else reason)


def return_reasons(data: QueryDict, form: Form) -> dict[str, str]:
    """Element code → reason; "" is the reason about the whole report."""
    reasons = {code: data.get(f"return-{code}", "") for code in form.elements}
    return {"": data.get("reason", ""), **reasons}


def wish(data: QueryDict) -> tuple[str, str, str]:
    """("save" | "ready" | "explain" | "instead", element, check or text) from the button that was pressed."""
    what, _, rest = data.get("do", "save").partition(":")
    element, _, detail = rest.partition(":")
    return what, element, detail


def submission_key(data: QueryDict) -> str:
    return data.get("key", "")[:KEY_LENGTH]

"""The content of a draft: texts exactly as typed, in one shape, whatever came in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haicap.catalogue.definitions import Catalogue, Check, Form, Section
from haicap.catalogue.states import LANGUAGES, REGIME_TEXTS
from haicap.units import queries as units

Content = dict[str, Any]
MOST_SECTIONS, MOST_CELLS, MOST_CHECKS, MOST_NEW = 30, 250, 150, 60
HEAD = (
    "base", "code", "nature", "kind", "rule", "first_day", "window_from", "window_to", "asker", "minutes",
    "deadline_days", "deadline_time", "deadline_on", "units", "obliged_from", "obliged_to",
)  # fmt: skip
KINDS = ("xa", "phuong", "dac_khu")
NEW = ("code", "unit", "counts", "over_time", "over_units", "over_split")


def blank() -> Content:
    """A new monthly form, with what is usual already chosen."""
    content = shaped({})
    content |= {
        "nature": "regular",
        "kind": "month",
        "rule": "nd09",
        "deadline_days": "5",
        "deadline_time": "17:00",
        "kinds": list(KINDS),
        "approval": True,
    }
    content["sections"] = [{"code": "A", "name": _languages({}), "cells": []}]
    return content


def shaped(raw: Mapping[str, Any]) -> Content:
    """Any mapping made into the whole shape: missing parts empty, texts cut where no reader would follow."""
    kinds = raw.get("kinds")
    return {
        **{name: _text(raw.get(name)) for name in HEAD},
        "name": _languages(raw.get("name")),
        **{name: _languages(raw.get(name)) for name in REGIME_TEXTS},
        "kinds": [kind for kind in KINDS if isinstance(kinds, list) and kind in kinds],
        "approval": raw.get("approval", True) is True,
        "sections": [_section(one) for one in _list(raw.get("sections"), MOST_SECTIONS)],
        "checks": [_check(one) for one in _list(raw.get("checks"), MOST_CHECKS)],
        "new": [_new(one) for one in _list(raw.get("new"), MOST_NEW)],
    }


def of_form(form: Form, catalogue: Catalogue) -> Content:
    """The draft that would publish `form` again, word for word."""
    listed = units.by_ids(form.obliged_units)
    own = next((one for one in form.obligations if one.number == form.number), None)
    window = form.window
    return shaped(
        {
            "base": str(form.number),
            "code": form.code,
            "nature": form.nature,
            "kind": form.kind.value,
            "rule": form.rule.value,
            "first_day": _day(own.since if own and own.since else form.first_day),
            "window_from": _day(window.start if window else None),
            "window_to": _day(window.last_day if window else None),
            "asker": form.asker,
            "minutes": str(form.minutes_per_cell or "").replace(".", ","),
            "deadline_days": str(form.deadline_working_days),
            "deadline_time": form.deadline_time.strftime("%H:%M"),
            "deadline_on": _day(form.deadline_on),
            "units": ", ".join(one.code for one in sorted(listed.values(), key=lambda one: one.code)),
            "obliged_from": _day(form.obliged_from),
            "obliged_to": _day(form.obliged_to, -1),
            "name": form.labels,
            **{name: getattr(form, name) for name in REGIME_TEXTS},
            "kinds": list(form.obliged_kinds),
            "approval": form.approval,
            "sections": [_of_section(one) for one in form.sections],
            "checks": [_of_check(one) for one in form.checks],
        }
    )


def _of_section(one: Section) -> Content:
    cells = [{"element": cell.element, "required": cell.required, "why": cell.why} for cell in one.cells]
    return {"code": one.code, "name": one.labels, "cells": cells}


def _of_check(one: Check) -> Content:
    return {"code": one.code, "kind": one.kind, "expression": one.expression, "message": one.labels}


def _day(day: Any, shift: int = 0) -> str:
    """As Vietnamese write it; half-open ends are shown with their last day."""
    if day is None:
        return ""
    shown = type(day).fromordinal(day.toordinal() + shift)
    return f"{shown.day:02}/{shown.month:02}/{shown.year}"


def _text(value: object) -> str:
    """Whole, however long: what is too long to be published is told when the draft is read, never cut."""
    return value if isinstance(value, str) else ""


def _languages(value: object) -> dict[str, str]:
    found = value if isinstance(value, Mapping) else {}
    return {lang: _text(found.get(lang)) for lang in LANGUAGES}


def _list(value: object, most: int) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)][:most] if isinstance(value, list) else []


def _section(one: Mapping[str, Any]) -> Content:
    cells = [
        {
            "element": _text(cell.get("element")),
            "required": cell.get("required") is True,
            "why": _text(cell.get("why")),
        }
        for cell in _list(one.get("cells"), MOST_CELLS)
    ]
    return {"code": _text(one.get("code")), "name": _languages(one.get("name")), "cells": cells}


def _check(one: Mapping[str, Any]) -> Content:
    return {
        "code": _text(one.get("code")),
        "kind": "soft" if one.get("kind") == "soft" else "hard",
        "expression": _text(one.get("expression")),
        "message": _languages(one.get("message")),
    }


def _new(one: Mapping[str, Any]) -> Content:
    return {
        **{name: _text(one.get(name)) for name in NEW},
        "name": _languages(one.get("name")),
        "integer": one.get("integer", True) is True,
        "non_negative": one.get("non_negative", True) is True,
    }

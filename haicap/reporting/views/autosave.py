"""Where the grid sends what is typed: JSON in, an answer for every cell out, with the parts of the page that
changed because of it. An answer means that it is committed."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haicap.catalogue.queries import Form
from haicap.core import clock, numbers
from haicap.core.errors import Refusal
from haicap.ui import wording

from .. import actions, forms, queries
from ..actions import CellChange, CellResult
from ..presenters import words
from ..presenters.grid import Grid, grid
from .sheets import Sheet, sheet_of

RECENT = timedelta(seconds=60)
STATUS = {"report.unknown": 404, "report.not_yours": 403, "report.step": 409}


@require_POST
def save(request: HttpRequest, form: str, period: str, code: str) -> HttpResponse:
    """401 without a session (the browser keeps its queue), 404 for strangers, 409 when it is closed."""
    if not request.user.is_authenticated:
        text = _("Phiên làm việc đã hết. Số bạn nhập được giữ trên máy này; hãy đăng nhập lại để lưu.")
        return JsonResponse({"code": "session", "message": text}, status=401)
    sheet = sheet_of(request, form, period, code)
    try:
        lang, changes = forms.changes_from_json(request.body)
        return JsonResponse(_saved(sheet, lang, changes))
    except Refusal as refusal:
        answer = {"code": refusal.code, "message": wording.refusal(refusal)}
        return JsonResponse(answer, status=STATUS.get(refusal.code, 400))


def _saved(sheet: Sheet, lang: str, changes: list[CellChange]) -> dict[str, object]:
    who = sheet.scope
    report_id = actions.open_report(
        by=who.ref, scope=who, form=sheet.form.code, period=sheet.period.key, unit_id=sheet.place.id
    )
    result = actions.save_cells(by=who.ref, scope=who, report=report_id, changes=changes, lang=lang)
    typed = {change.element: change.text for change in changes}
    answers = {cell.element: cell for cell in result.cells}
    detail = queries.detail(sheet.place, sheet.form.code, sheet.period, words.lang())
    view = grid(detail, who, clock.now(), answers, typed)
    return {
        "version": result.version,
        "cells": [_cell(cell, lang) for cell in result.cells],
        "saved": _("Đã lưu lúc %(time)s") % {"time": words.clock_time(result.at)},
        "left": view.left,
        "state": view.state,
        "parts": _parts(view),
        "rows": _rows(view, _touched(view, set(answers), sheet.form, result.at - RECENT)),
        "blocked": bool(view.missing),
    }


def _cell(cell: CellResult, lang: str) -> dict[str, object]:
    content = cell.content
    text = content.raw or ("" if content.number is None else numbers.format(content.number, lang))
    return {
        "e": cell.element,
        "s": cell.status.value,
        "v": cell.version,
        "t": text,
        "r": content.reason,
    }


def _parts(view: Grid) -> dict[str, str]:
    """Pieces of the page by the id of the element that they fill."""
    names = ("rail", "review", "missing", "whole")
    return {name: render_to_string(f"reporting/parts/{name}.html", {"grid": view}) for name in names}


def _touched(view: Grid, saved: set[str], form: Form, since: datetime) -> set[str]:
    """Rows that may look different now: the saved cells, those that share a check with them, and what
    anybody has changed lately. All sixty drawn anew for each cell typed cost the server half of the last hour
    before a deadline."""
    shared = {code for check in form.checks if saved & set(check.elements) for code in check.elements}
    lately = {
        row.cell.element
        for block in view.blocks
        for row in block.rows
        if row.cell.changed_at is not None and row.cell.changed_at >= since
    }
    return saved | shared | lately


def _rows(view: Grid, touched: set[str]) -> dict[str, dict[str, object]]:
    return {
        row.cell.element: {
            "look": row.look,
            "filled": row.cell.filled,
            "v": row.cell.version,
            "t": row.stored,
            "r": row.cell.reason,
            "change": render_to_string("reporting/parts/change.html", {"row": row}),
            "source": row.source,
            "says": render_to_string("reporting/parts/says.html", {"row": row, "grid": view}).strip(),
        }
        for block in view.blocks
        for row in block.rows
        if row.cell.element in touched
    }

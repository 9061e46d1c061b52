"""What the demo asks its communes: one of each pattern, two innocent look-alikes, silent dossiers, a dispute.

The dossiers come in through the import; the questions are found by the product itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta
from itertools import cycle, islice
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.accounts import queries as accounts
from haicap.accounts.scopes import scope_of
from haicap.accounts.states import Role
from haicap.catalogue import calendar
from haicap.config.demo import dossiers
from haicap.config.demo.chance import uniform
from haicap.config.demo.patterns import Patterns, at, patterns, said
from haicap.core import clock, periods
from haicap.core.periods import Kind, Period, Rule
from haicap.dossiers.actions import asking, declaring, disputing
from haicap.dossiers.actions.rules import load_rules
from haicap.dossiers.queries import disputes, late, questions
from haicap.units.places import Place

PROCEDURE = "MH-BTXH-01"
STORIES, SILENT = 8, 4
DISPUTED = 5


def settle(by: str, packs: Path, province: Place, communes: Sequence[Place]) -> str:
    """Once for each closed month: what stands already is left as it is."""
    load_rules(by=by, path=packs / "dak-lak")
    running = periods.containing(clock.today(), Kind.MONTH, Rule.CALENDAR)
    # in a small country one commune plays several parts
    month, parts = periods.shift(running, -1), cycle(_chosen(communes, "patterns"))
    chosen = list(islice(parts, STORIES))
    made = patterns(month, calendar.workdays(), [one.code for one in chosen], PROCEDURE)
    if not questions.declared_by(by, month.start):
        _bring(by, province, chosen, made)
    dossiers.bring(by, province, _silent(communes, running), name="ho-so-im-lang-minh-hoa.csv")
    asked = asking.ask_due(by=by)
    disputed = _dispute(communes)
    return _("Câu hỏi minh họa: %(asked)s; đề nghị xem lại: %(n)s hồ sơ") % {"asked": asked, "n": disputed}


def _bring(by: str, province: Place, chosen: Sequence[Place], made: Patterns) -> None:
    dossiers.bring(by, province, made.first, name="ho-so-mau-hinh-minh-hoa.csv")
    dossiers.bring(by, province, made.again, name="ho-so-sua-minh-hoa.csv")
    ids = {one.code: one.id for one in chosen}
    for told in made.told:
        declaring.note(
            by=by,
            kind=told.kind,
            unit_id=ids.get(told.unit, province.id),
            starts=told.starts.astimezone(UTC),
            ends=told.ends.astimezone(UTC),
            reason=told.reason,
            at=told.at.astimezone(UTC),
        )


def _chosen(communes: Sequence[Place], lot: str) -> list[Place]:
    return sorted(communes, key=lambda place: uniform(lot, place.code))


def _silent(communes: Sequence[Place], running: Period) -> list[dossiers.Record]:
    """Received nine working days ago, due in three weeks, and nobody touched them."""
    book, today = calendar.workdays(), clock.today()
    came = today
    while book.between(came, today) < 9:
        came -= timedelta(days=1)
    due = book.add(today, 6)
    return [
        {
            "code": f"MH.im-lang.{running.key}.{place.code}.{n}",
            "unit": place.code,
            "procedure": PROCEDURE,
            "received": said(at(came, 9, n)),
            "due": said(at(due, 17)),
            "status": "2",
            "channel": "2",
            "level": "full",
            "submitter": "self",
        }
        for place in _chosen(communes, "silent dossiers")[:SILENT]
        for n in range(3)
    ]


def _dispute(communes: Sequence[Place]) -> int:
    """The first commune with late dossiers that synchronisation cost says so; 0 where one has spoken."""
    if disputes.listed([place.id for place in communes]).exists():
        return 0
    for place in _chosen(communes, "dispute"):
        rows = late.overdue_now([place.id], clock.now())
        ids = [
            id_
            for group in late.groups(rows)
            if group.blame in ("sync", "other")
            for id_ in late.members(rows, group.source_id, group.blame, DISPUTED)[:DISPUTED]
        ]
        officers = accounts.seats_in([place.id], Role.COMMUNE_OFFICER)
        if ids and officers:
            officer = accounts.by_id(officers[0].user_id)
            disputing.dispute(
                by=officer,
                scope=scope_of(officer),
                unit_id=place.id,
                dossiers=ids[:DISPUTED],
                cause="sync",
                reason="Hồ sơ đã xong ở xã, hệ thống của tỉnh chưa đồng bộ (dữ liệu minh họa)",
            )
            return len(ids[:DISPUTED])
    return 0

"""Dossiers written straight into the table: for tests that read them. The clock of these tests stands at
10:00 on Tuesday 27 October 2026; the source was imported an hour before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from haicap.core import clock
from haicap.dossiers.actions.rules import load_rules
from haicap.dossiers.models import Dossier, Import, Procedure, Source
from haicap.dossiers.states import ImportState, Status
from tests.cast import BY, Cast, World

NOW = datetime(2026, 10, 27, 3, 0, tzinfo=UTC)
PACK = Path(__file__).resolve().parents[2] / "packs" / "dak-lak"
SPACE = UUID(int=7)


def at(text: str) -> datetime:
    """ "26/10 16:30" of 2026, wall time in Vietnam, as a UTC instant."""
    day, month, hour, minute = map(int, re.split(r"[/ :]", text))
    return datetime(2026, month, day, hour, minute, tzinfo=clock.ZONE).astimezone(UTC)


@dataclass
class Desk:
    """A source with steps, one without, two procedures, and the people."""

    cast: Cast
    world: World
    steps: Source
    plain: Source
    birth: Procedure
    copy: Procedure
    made: list[Dossier] = field(default_factory=list)
    numbers: Any = field(default_factory=count)

    def dossier(
        self,
        unit: str = "24505",
        received: str = "12/10 08:00",
        due: str | None = "26/10 17:00",
        finished: str | None = None,
        **more: Any,
    ) -> Dossier:
        came, number = at(received), next(self.numbers)
        source = more.pop("source", self.steps)
        account = more.pop("account", None)
        row = Dossier(
            source=source,
            key=uuid5(SPACE, f"dossier {number}"),
            unit_id=self.world[unit],
            procedure=more.pop("procedure", self.birth),
            period=f"{clock.local(came):%Y-%m}",
            received_at=came,
            due_at=at(due) if due else None,
            finished_at=at(finished) if finished else None,
            status=more.pop("status", Status.RETURNED if finished else Status.IN_WORK),
            account_key=uuid5(SPACE, account) if account else None,
            last_import=Import.objects.get(source=source),
            row_digest=number,
            **more,
        )
        self.made.append(row)
        return row

    def many(self, n: int, **given: Any) -> list[Dossier]:
        return [self.dossier(**given) for _ in range(n)]

    def save(self) -> None:
        Dossier.objects.bulk_create(self.made)
        self.made = []


def desk(cast: Cast, world: World) -> Desk:
    procedures = [
        Procedure.objects.create(
            code=code, name={"vi": vi, "en": en, "bn": bn}, legal_days=10, online_level="full"
        )
        for code, vi, en, bn in (
            ("1.001193", "Đăng ký khai sinh", "Birth registration", "জন্ম নিবন্ধন"),
            ("2.000815", "Chứng thực bản sao", "Certified copies", "প্রত্যয়িত অনুলিপি"),
        )
    ]
    sources = [
        Source.objects.create(
            code=code, name=name, owner_id=world["66"], has_steps=steps, changed_at=NOW, changed_by=BY
        )
        for code, name, steps in (("mot-cua", "Một cửa", True), ("cong", "Cổng cũ", False))
    ]
    for source in sources:
        imported(source, NOW - timedelta(hours=1))
    load_rules(by=BY, path=PACK)
    return Desk(cast, world, sources[0], sources[1], procedures[0], procedures[1])


def imported(source: Source, when: datetime) -> None:
    """The last import of this source was completed then."""
    told = {"at": when, "finished_at": when, "state": ImportState.DONE.value, "by": BY}
    Import.objects.update_or_create(source=source, token=f"t-{source.code}", defaults=told)

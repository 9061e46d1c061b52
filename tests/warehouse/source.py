"""A record room in memory: rows that a test writes, and the tokens that the log would keep."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import pyarrow as pa

from haicap.audit.slices import Slice
from haicap.core.periods import Rule, parse
from haicap.dossiers.facts import DossierRow
from haicap.reporting.facts import FactRow, ObligationRow
from haicap.warehouse.loaders.source import in_batches
from haicap.warehouse.tables import Table


@dataclass(frozen=True)
class Token:
    id: int
    slice: Slice


@dataclass
class Room:
    """Implements `loaders.source.Source`. `put` is a commit: rows and token together."""

    values: list[FactRow] = field(default_factory=list)
    obligations: list[ObligationRow] = field(default_factory=list)
    dossiers: list[DossierRow] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    next_token: int = 1
    consumed: list[int] = field(default_factory=list)

    def put(
        self,
        unit: int,
        form: str,
        period: str,
        values: Iterable[FactRow] = (),
        obligations: Iterable[ObligationRow] = (),
    ) -> None:
        key = (unit, form, period)
        self.values = [one for one in self.values if (one.unit_id, one.form, one.period) != key]
        self.obligations = [one for one in self.obligations if (one.unit_id, one.form, one.period) != key]
        self.values += values
        self.obligations += obligations
        self.tokens.append(Token(self.next_token, Slice("reporting", form, period, unit)))
        self.next_token += 1

    def pending(self) -> Sequence[Token]:
        return list(self.tokens)

    def consume(self, ids: Sequence[int]) -> None:
        self.consumed += ids
        self.tokens = [one for one in self.tokens if one.id not in set(ids)]

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        rows: Sequence[FactRow] | Sequence[ObligationRow] | Sequence[DossierRow]
        rows = getattr(self, table.name, ())
        wanted = None if slices is None else {(one.unit_id, one.form, one.period) for one in slices}
        yield from in_batches(
            (one for one in rows if wanted is None or (one.unit_id, one.form, one.period) in wanted), table
        )


def fact(
    unit: int,
    element: int,
    number: Decimal | int | str | None,
    period: str = "2026-10",
    *,
    rule: Rule = Rule.DECREE09,
    form: str = "CQS-T",
    status: str = "accepted",
    origin: str = "reported",
    missing: str = "",
    grade: str = "declared",
    scenario: str = "official",
    split: str = "",
) -> FactRow:
    p = parse(period, rule)
    return FactRow(
        unit_id=unit,
        element_id=element,
        split=split,
        attribution="",
        period=period,
        kind=p.kind.value,
        rule=rule.value,
        start=p.start,
        end=p.end,
        scenario=scenario,
        origin=origin,
        form=form,
        number=None if number is None else Decimal(number),
        missing=missing,
        status=status,
        grade=grade,
    )


def owed(
    unit: int,
    deadline: datetime,
    submitted: datetime | None = None,
    period: str = "2026-10",
    *,
    form: str = "CQS-T",
    state: str = "open",
) -> ObligationRow:
    p = parse(period)
    return ObligationRow(
        unit, form, period, p.kind.value, p.rule.value, p.start, p.end, deadline, submitted, state
    )

"""Two cells of the small form that the system counts, and what it counted."""

import secrets
from datetime import UTC, datetime
from decimal import Decimal

from haicap.catalogue import models as catalogue
from haicap.catalogue import queries
from haicap.core import periods
from haicap.reporting import actions
from haicap.reporting.actions import DerivedFigure, DeriveResult

from .conftest import ELEMENTS
from .office import FORM, MACHINE, PERIOD, Office

SPECS = {
    "HS_NHAN": {"over": "dossiers", "count": "rows", "of": "", "window": "received", "where": []},
    "HS_NHAN_CTT": {
        "over": "dossiers",
        "count": "rows",
        "of": "",
        "window": "received",
        "where": [["level", "among", ["full", "part"]]],
    },
}
BY = "system:refresh"


def count_cells(office: Office, *codes: str) -> None:
    """From now on the system counts these elements (both of SPECS unless some are named)."""
    at = datetime(2025, 7, 1, tzinfo=UTC)
    chosen = codes or tuple(SPECS)
    for code in chosen:
        element = catalogue.Element.objects.get(code=code)
        spec = SPECS.get(code, SPECS["HS_NHAN"])
        catalogue.Derivation.objects.create(
            element=element, number=1, spec=spec, digest=code, published_at=at
        )
    catalogue.Pack.objects.create(
        code="test",
        number=2,
        owner_id=office.world["66"],
        contents={
            "elements": list(ELEMENTS),
            "forms": {FORM: 1, MACHINE: 1},
            "derivations": dict.fromkeys(chosen, 1),
        },
        digest="counted",
        published_at=at,
        published_by="system:test",
    )
    catalogue.Revision.objects.update_or_create(pk=1, defaults={"token": f"counted-{secrets.token_hex(6)}"})
    queries.forget()


def counted(
    office: Office,
    figures: dict[str, int | None],
    *,
    unit: str = "24505",
    period: str = PERIOD,
    snapshot: str = "s1",
    records: int | None = None,
) -> DeriveResult:
    """The system counts these elements of one unit; as many records as the number says."""
    book = queries.current().elements
    return actions.record_derived(
        by=BY,
        values=[
            DerivedFigure(
                unit_id=office.world[unit],
                element_id=book[code].id,
                period=periods.parse(period),
                number=None if number is None else Decimal(number),
                records=records if records is not None else number or 0,
                definition=1,
            )
            for code, number in figures.items()
        ],
        evidence={"over": "dossiers"},
        snapshot=snapshot,
    )

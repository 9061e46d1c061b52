"""Disputes in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from haicap.units.queries import Place

from ..queries.disputes import DisputeView
from ..queries.freshness import Freshness
from ..stages import DISPUTE_LABELS
from ..states import HOLDER_LABELS, Holder
from .tables import Cell, Column, count, moment, text


def columns() -> list[Column]:
    return [
        Column(gettext("Đề nghị lúc")),
        Column(gettext("Xã, phường")),
        Column(gettext("Số hồ sơ"), True),
        Column(gettext("Thời gian trễ thuộc về")),
        Column(gettext("Nguồn")),
        Column(gettext("Bước")),
    ]


def rows(
    found: Sequence[DisputeView], places: Mapping[int, Place], known: Mapping[int, Freshness]
) -> list[list[Cell]]:
    made = []
    for one in found:
        source = known.get(one.source_id)
        made.append(
            [
                moment(one.at, href=reverse("dossiers:dispute", args=[one.id])),
                Cell(places[one.unit_id].full_name, places[one.unit_id].full_name, foreign=True),
                count(one.n),
                text(HOLDER_LABELS[Holder(one.cause)]),
                text(source.name if source else "", foreign=True),
                text(DISPUTE_LABELS[one.state]),
            ]
        )
    return made

"""What a reader chose in the address: period, indicator, kind of unit, band, unit. It makes all links."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import clock, periods
from haicap.core.bands import Band
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.insight.asked import own, period_asked, published_periods
from haicap.insight.boards import SCORE
from haicap.units.states import Kind as UnitKind

HEX, OUTLINE = "", "ranh-gioi"
KINDS = (UnitKind.XA, UnitKind.PHUONG, UnitKind.DAC_KHU)


@dataclass(frozen=True)
class Choice:
    """`period` is the period of the figure; `code` is SCORE or an indicator. Empty text: nothing chosen.

    `moved`: the address asked for a period of another kind than the figure has.
    """

    period: Period
    code: str
    kind: str = ""
    band: str = ""
    unit: str = ""
    why: str = ""
    view: str = HEX
    all_rows: bool = False
    wall: bool = False
    moved: bool = False

    def address(self, **changes: object) -> str:
        """The query of the same page with something changed; defaults are left out."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        parts = {
            "ky": other.period.key,
            "chi-tieu": other.code if other.code != SCORE else "",
            "loai": other.kind,
            "muc": other.band,
            "xem": other.view,
            "xa": other.unit,
            "vi-sao": other.why,
            "tat-ca": "1" if other.all_rows else "",
            "wall": "1" if other.wall else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})


def read(query: QueryDict, catalogue: Catalogue, code: str = SCORE) -> Choice:
    """The choice in a query string. Refusal (with a message for the reader) for what does not exist."""
    code = query.get("chi-tieu", "") or code
    indicator = catalogue.indicators.get(code)
    if code != SCORE and indicator is None:
        raise Refusal(
            "indicator.unknown",
            gettext_lazy("Không có chỉ tiêu mang mã này. Hãy chọn lại trong danh sách."),
            place="chi-tieu",
        )
    asked = query.get("ky", "")
    period = period_asked(asked, indicator)
    return Choice(
        period=period,
        code=code,
        kind=_one_of(query.get("loai", ""), [kind.value for kind in KINDS]),
        band=_one_of(query.get("muc", ""), [band.value for band in Band]),
        unit=query.get("xa", ""),
        why=_one_of(query.get("vi-sao", ""), list(catalogue.indicators)),
        view=_one_of(query.get("xem", ""), [OUTLINE]),
        all_rows=query.get("tat-ca", "") == "1",
        wall=query.get("wall", "") == "1",
        moved=bool(asked) and asked != period.key,
    )


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""


def published_only(catalogue: Catalogue) -> Catalogue:
    """The catalogue without pillars and their indicators: what was published in the press is left."""
    pillars = {pillar.code for pillar in catalogue.pillars}
    kept = {code: one for code, one in catalogue.indicators.items() if one.pillar not in pillars}
    return replace(catalogue, pillars=(), indicators=kept)


def offered(catalogue: Catalogue, indicator: Indicator | None, chosen: Period) -> list[Period]:
    """Periods of the picker, newest first: from the start of reporting to the last closed, and the chosen."""
    if published := published_periods(indicator):
        return published if chosen in published else [chosen, *published]
    kind, rule = own(indicator)
    last = periods.last_closed(kind, clock.today(), rule)
    starts = [form.first_day for form in catalogue.running(clock.today()) if form.first_day]
    first = min(starts, default=last.start)
    found = [last]
    while found[-1].start > first and len(found) < 60:
        found.append(periods.shift(found[-1], -1))
    return found if chosen in found else sorted({*found, chosen}, key=lambda p: p.start, reverse=True)

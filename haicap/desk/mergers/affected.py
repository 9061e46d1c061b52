"""What an act means for figures: which series can be read under the new units, and where the map is blank."""

from django.utils.translation import gettext as _

from haicap.catalogue import queries as catalogue
from haicap.core.counts import Adds
from haicap.core.errors import Refusal
from haicap.desk.presenters import words
from haicap.units import merging, queries
from haicap.units.mergers import Act
from haicap.units.merging import NewUnit, Share


def affected(act: Act) -> list[str]:
    """One sentence per new unit, and one about the map where a code has no hexagon."""
    try:
        shares = merging.shares(act.plan)
    except Refusal:
        return []
    told = [_series(new, [one for one in shares if one.new == new.key]) for new in act.plan.news]
    layout = queries.layout(act.owner_id)
    blank = [new.code for new in act.plan.news if layout is not None and new.code not in layout.cells]
    if blank:
        text = _("Bản đồ ô chưa có ô cho mã %(codes)s: đơn vị hiện trong danh sách, ô có sau khi vẽ lại.")
        told.append(text % {"codes": ", ".join(blank)})
    return told


def _series(new: NewUnit, shares: list[Share]) -> str:
    names = queries.by_ids(one.old for one in shares)
    unknown = [names[one.old].full_name for one in shares if one.share is None and one.old in names]
    if unknown:
        text = _(
            "%(unit)s: số liệu trước ngày này không tính lại được, vì chưa rõ phần chia của %(names)s; "
            "số của đơn vị cũ vẫn xem được."
        )
        return text % {"unit": new.full_name, "names": ", ".join(unknown)}
    # a unit that only changed its name, kind or code keeps every figure, whatever its measure
    alone = len(shares) == 1 and shares[0].share == 1
    everything = len(catalogue.current().indicators)
    text = _(
        "%(unit)s: tính lại được %(n)s/%(all)s chỉ tiêu cho các kỳ trước; các chỉ tiêu khác không cộng được."
    )
    count = everything if alone else _additive()
    return text % {"unit": new.full_name, "n": words.number(count), "all": words.number(everything)}


def _additive() -> int:
    """Indicators all of whose elements may be added over units."""
    book = catalogue.current()
    return sum(
        all(
            book.elements_by_id[id].measure.over_units is Adds.SUM
            for id, _factor in (*one.numerator_terms, *(one.denominator_terms or ()))
        )
        for one in book.indicators.values()
    )

"""The one sentence of the first page."""

from django.utils.translation import gettext as _

from haicap.desk.presenters import words
from haicap.insight.headline import headline
from haicap.insight.heatmap import HeatMap


def sentence(of: HeatMap) -> str:
    """ "12 trong 102 xã, phường ở mức đỏ, nhiều hơn tháng trước 3; mất điểm nhiều nhất ở …"."""
    found = headline(of)
    told = {
        "red": words.number(found.red),
        "total": words.number(found.total),
        "units": words.units_word(of.board.places),
    }
    if not found.total or found.silent == found.total:
        return _("Chưa có %(units)s nào báo cáo trong kỳ này.") % told
    if not any(row.value is not None for row in of.rows):
        return _("Kỳ này chưa có số liệu để xếp mức.")
    if of.indicator is not None and not any(band in of.counts for band in ("green", "yellow", "red")):
        with_value = sum(1 for row in of.rows if row.value is not None)
        told["some"] = words.number(with_value)
        return _("%(some)s trong %(total)s %(units)s có số liệu; chỉ tiêu này không xếp mức.") % told
    parts = [_("%(red)s trong %(total)s %(units)s ở mức đỏ") % told, _compared(found.more)]
    text = "".join(parts)
    if found.costliest:
        return _("%(text)s; mất điểm nhiều nhất ở %(what)s.") % {
            "text": text,
            "what": _causes(of, found.costliest),
        }
    return _("%(text)s.") % {"text": text}


def _compared(more: int | None) -> str:
    if more is None:
        return ""
    size = {"n": words.number(abs(more))}
    if more > 0:
        return _(", nhiều hơn kỳ trước %(n)s") % size
    if more < 0:
        return _(", ít hơn kỳ trước %(n)s") % size
    return _(", bằng kỳ trước")


def _causes(of: HeatMap, codes: tuple[str, ...]) -> str:
    names = [words.indicator_name(of.board.catalogue.indicators[code], short=True) for code in codes]
    # short labels are headings; inside the sentence only abbreviations keep their capitals
    named = [name[0].lower() + name[1:] if name[1:2].islower() else name for name in names]
    return _(" và ").join(named)

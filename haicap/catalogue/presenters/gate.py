"""What the gate says, cell by cell, in words an asking department understands."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from haicap.catalogue.definitions import Form
from haicap.catalogue.gate import SHORTEST_REASON, Because, Judgement, Standing, Verdict
from haicap.catalogue.presenters import words
from haicap.core.periods import Period


def sentence(verdict: Verdict) -> str:
    """ "" for a cell that may be asked."""
    if verdict.standing is Standing.SYSTEM:
        return _("Hệ thống tự đếm số này từ hồ sơ; nơi có hồ sơ thì không ai phải nhập.")
    if verdict.standing is Standing.FREE or verdict.kind is None:
        return ""
    told = {
        "form": verdict.form,
        "kind": words.kind(verdict.kind),
        "n": words.number(len(verdict.lacking)),
        "least": words.number(SHORTEST_REASON),
    }
    if verdict.standing is Standing.HELD:
        return _("Đã có: mẫu %(form)s thu số này %(kind)s. Bỏ ô này và dùng số đang có.") % told
    if verdict.standing is Standing.DERIVED:
        text = _(
            "Tính được từ số mà mẫu %(form)s thu %(kind)s. Bỏ ô này, "
            "hoặc ghi vì sao vẫn phải hỏi (ít nhất %(least)s chữ)."
        )
        return text % told
    reasons = {
        Because.UNITS: _(
            "Mẫu %(form)s đã thu số này %(kind)s, còn thiếu %(n)s đơn vị. Hãy thêm họ vào mẫu ấy."
        ),
        Because.DATES: _("Mẫu %(form)s đã thu số này %(kind)s, trong khoảng thời gian khác. Hãy sửa mẫu ấy."),
        Because.WINDOW: _(
            "Mẫu %(form)s đã thu số này %(kind)s, với cách chốt số khác. "
            "Hãy dùng cùng cách chốt số, hoặc khai phần tử mới."
        ),
    }
    return reasons[verdict.because or Because.DATES] % told


def answer_url(judgement: Judgement, form: Form, period: Period, owner_code: str) -> str:
    """Where the held figures are shown; "" when nothing is held."""
    held = [one.element for one in judgement.verdicts if one.held]
    if not held:
        return ""
    try:
        address = reverse("desk:held")
    except NoReverseMatch:
        return ""
    asked = {"dv": owner_code, "pt": held, "loai": form.kind.value, "cs": form.rule.value, "ky": period.key}
    return f"{address}?{urlencode(asked, doseq=True)}"

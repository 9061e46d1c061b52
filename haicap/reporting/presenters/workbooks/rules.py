"""What Excel itself can be told about a cell: kind, sign, and the most where a hard check gives it."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext

from haicap.catalogue import formulas
from haicap.catalogue.grammar import Name, Node, Number
from haicap.catalogue.queries import Element, Form, spoken
from haicap.tables.fillable import Rule

from ...policies.cells import LONGEST_REASON
from ...policies.checks import Weight
from .slots import Slot

Most = Decimal | str
Place = tuple[int, int]


def most_of(form: Form, elements: Mapping[str, Element]) -> dict[str, Most]:
    """Element → the number or the element that a hard check "this <= that" holds it under."""
    found: dict[str, Most] = {}
    for check in form.checks:
        if check.kind != Weight.HARD:
            continue
        comparison = formulas.parse_check(check.expression, elements)
        below, above = comparison.left.node, comparison.right.node
        if comparison.sign == ">=":
            below, above = above, below
        elif comparison.sign != "<=":
            continue
        limit = _limit(above, form)
        if isinstance(below, Name) and limit is not None:
            found.setdefault(below.code, limit)
    return found


def _limit(node: Node, form: Form) -> Most | None:
    if isinstance(node, Number):
        return node.value
    return node.code if isinstance(node, Name) and node.code in form.elements else None


def rule_for(
    slot: Slot,
    most: Most | None,
    place_of: Callable[[str], Place | None],
    lang: str,
    *,
    firm: bool = True,
) -> Rule | None:
    """The rule of a cell; None for words, which Excel does not judge."""
    cell, element = slot.cell, slot.element
    title = f"{cell.number} {slot.label}"
    hint = spoken(cell.hints, lang) or gettext("Để trống: chưa có số. Nhập 0: không phát sinh.")
    if element.kind == "option":
        return Rule(options=element.options, hint=hint, hint_title=title, firm=firm)
    if element.kind == "boolean":
        return Rule(options=("1", "0"), hint=hint, hint_title=title, firm=firm)
    if element.kind != "number":
        return None
    return Rule(
        whole=element.integer,
        least=Decimal(0) if element.non_negative else None,
        most=place_of(most) if isinstance(most, str) else most,
        hint=hint,
        hint_title=title,
        error=_error(element, most is not None),
        error_title=gettext("Số không hợp lệ"),
        firm=firm,
    )


def reason_rule() -> Rule:
    """For the column of reasons."""
    return Rule(
        longest=LONGEST_REASON,
        hint=gettext("Chỉ ghi khi không lấy được số. Có số thì để trống cột này."),
        hint_title=gettext("Không có số, vì sao"),
        error=gettext("Lý do dài quá 300 ký tự."),
        error_title=gettext("Lý do quá dài"),
    )


def _error(element: Element, limited: bool) -> str:
    kind = gettext("Ô này nhận số nguyên.") if element.integer else gettext("Ô này nhận một số.")
    sign = gettext("Không nhận số âm.") if element.non_negative else ""
    most = gettext("Không lớn hơn ô mà nó là một phần.") if limited else ""
    return " ".join(part for part in (kind, sign, most) if part)

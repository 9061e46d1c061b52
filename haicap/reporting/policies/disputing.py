"""When a figure may be disputed, and when a dispute may be decided."""

from decimal import Decimal

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from ..states import DISPUTE_LABELS, DISPUTE_STEPS, DisputeAct, DisputeState
from .workflow import worded

LONGEST_EVIDENCE = 500


def checked(number: Decimal | None, live: DisputeState | None) -> Decimal:
    """The figure, when it may be disputed. Refusal derived.none or dispute.there."""
    if number is None:
        raise Refusal(
            "derived.none", gettext_lazy("Hệ thống chưa đếm được số này nên không có gì để xét lại.")
        )
    if live is not None:
        raise there(live)
    return number


def there(live: DisputeState) -> Refusal:
    """One dispute at a time, and none of a figure that was corrected already."""
    if live is DisputeState.OPEN:
        return Refusal("dispute.there", gettext_lazy("Số này đang được xét lại; hãy chờ tỉnh trả lời."))
    return Refusal("dispute.there", gettext_lazy("Số này đã được sửa theo một ý kiến trước."))


def check_step(state: DisputeState, act: DisputeAct) -> DisputeState:
    """The state that follows. Refusal dispute.step."""
    target = DISPUTE_STEPS.get((state, act))
    if target is None:
        text = gettext_lazy("Ý kiến này đang ở bước “%(state)s”.")
        raise worded("dispute.step", text, state=DISPUTE_LABELS[state])
    return target


def check_decider(by: str, disputer: str) -> None:
    """Refusal dispute.own: nobody decides what they asked."""
    if by == disputer:
        raise Refusal("dispute.own", gettext_lazy("Người nêu ý kiến không được tự quyết định."))

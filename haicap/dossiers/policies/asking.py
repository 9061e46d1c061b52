"""What must be true of a dispute or a signal before a step is taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from ..stages import (
    DISPUTE_LABELS,
    DISPUTE_STEPS,
    OFFERED,
    SIGNAL_LABELS,
    SIGNAL_STEPS,
    DisputeAct,
    DisputeState,
    Innocent,
    Outcome,
    SignalAct,
    SignalKind,
    SignalState,
)
from ..states import Holder

SHORTEST_REASON = 5
LONGEST_REASON = 500
#: lateness that a commune may say is not its own
CAUSES = (Holder.SYNC, Holder.OTHER, Holder.CITIZEN)


def check_reason(text: str, place: str = "reason", longest: int = LONGEST_REASON) -> str:
    """The reason without outer spaces. Refusal reason.missing or reason.long."""
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Refusal("reason.missing", gettext_lazy("Hãy ghi lý do, ít nhất 5 ký tự."), place=place)
    if len(reason) > longest:
        words = gettext_lazy("Lý do dài quá mức cho phép. Hãy viết ngắn hơn.")
        raise Refusal("reason.long", words, place=place, longest=longest)
    return reason


def check_cause(cause: str) -> Holder:
    """Refusal dispute.cause for anything but another agency, the citizen or synchronisation."""
    found = next((one for one in CAUSES if one.value == cause), None)
    if found is None:
        raise Refusal("dispute.cause", gettext_lazy("Hãy chọn thời gian trễ thuộc về ai."), place="cause")
    return found


def can_dispute(state: DisputeState, act: DisputeAct) -> bool:
    return (state, act) in DISPUTE_STEPS


def after_dispute(state: DisputeState, act: DisputeAct) -> DisputeState:
    """Refusal dispute.step that names the state."""
    target = DISPUTE_STEPS.get((state, act))
    if target is None:
        words = gettext_lazy("Đề nghị đang ở bước “%(state)s” nên không làm bước này được.")
        raise _worded("dispute.step", words, state=DISPUTE_LABELS[state])
    return target


def after_signal(state: SignalState, act: SignalAct) -> SignalState:
    """Refusal signal.step that names the state."""
    target = SIGNAL_STEPS.get((state, act))
    if target is None:
        words = gettext_lazy("Câu hỏi đang ở bước “%(state)s” nên không làm bước này được.")
        raise _worded("signal.step", words, state=SIGNAL_LABELS[state])
    return target


def can_weigh(state: SignalState, answer_by: date, today: date) -> bool:
    """The unit speaks first; only when its days have passed is the question weighed without an answer."""
    if (state, SignalAct.WEIGH) not in SIGNAL_STEPS:
        return False
    return state is not SignalState.ASKED or today > answer_by


def check_weigh(state: SignalState, answer_by: date, today: date) -> None:
    """Refusal signal.step, or signal.early while the unit still has days to answer."""
    after_signal(state, SignalAct.WEIGH)
    if not can_weigh(state, answer_by, today):
        raise Refusal(
            "signal.early", gettext_lazy("Xã còn thời gian trả lời. Chưa ai cho ý kiến trước khi xã trả lời.")
        )


def can_be_second(ref: str, hands: Iterable[str]) -> bool:
    return ref not in hands


def check_second(ref: str, hands: Iterable[str]) -> None:
    """`hands`: everybody who spoke before. Refusal signal.same_person."""
    if not can_be_second(ref, hands):
        raise Refusal(
            "signal.same_person",
            gettext_lazy("Hai người khác nhau quyết định: bạn đã trả lời hoặc cho ý kiến trước đó."),
        )


def check_fresh(version: int, seen: int | None) -> None:
    """Refusal dossiers.stale when the person decided about an older state than the stored one."""
    if seen is not None and seen != version:
        raise Refusal(
            "dossiers.stale",
            gettext_lazy("Nội dung đã thay đổi sau khi bạn mở trang. Hãy xem lại rồi làm lại bước này."),
        )


def check_innocent(kind: SignalKind, choice: str) -> Innocent:
    """Refusal signal.choice for an explanation that was not offered."""
    for one in (*OFFERED[kind], Innocent.OTHER):
        if one.value == choice:
            return one
    raise Refusal("signal.choice", gettext_lazy("Hãy chọn cách giải thích gần nhất."), place="choice")


def check_outcome(choice: str) -> Outcome:
    found = next((one for one in Outcome if one.value == choice), None)
    if found is None:
        raise Refusal("signal.outcome", gettext_lazy("Hãy chọn kết luận."), place="choice")
    return found


def _worded(code: str, message: object, **params: object) -> Refusal:
    filled = {name: str(value) for name, value in params.items()}
    return Refusal(code, str(message) % filled, **filled)

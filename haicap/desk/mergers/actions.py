"""The steps of an act across all rooms: one transaction each, asked for by a person with the right to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from haicap.accounts.scopes import Scope
from haicap.audit.actions import Actor
from haicap.core.errors import Refusal
from haicap.desk.mergers import permissions, telling
from haicap.desk.mergers.permissions import Act
from haicap.desk.mergers.rooms import preview, rooms
from haicap.units import actions, mergers, queries
from haicap.units.merging import MergerState, Plan
from haicap.units.succession import Answer, Question


@dataclass(frozen=True)
class Open:
    """What is not answered yet."""

    room: str
    question: Question


def start(*, by: Actor | str, scope: Scope, owner_id: int) -> int:
    permissions.check(scope, Act.PREPARE, queries.by_id(owner_id))
    return actions.draft(by=by, owner_id=owner_id)


def write(
    *,
    by: Actor | str,
    scope: Scope,
    merger_id: int,
    act: str | None = None,
    on: date | None = None,
    plan: Plan | None = None,
    choices: Mapping[str, str] | None = None,
    seen_version: int | None = None,
) -> None:
    held(scope, merger_id, Act.PREPARE)
    actions.write(
        by=by, merger_id=merger_id, act=act, on=on, plan=plan, choices=choices, seen_version=seen_version
    )


@transaction.atomic
def fill(
    *,
    by: Actor | str,
    scope: Scope,
    merger_id: int,
    chosen: Mapping[str, str],
    seen_version: int | None = None,
) -> None:
    """Decide what is still open by its first option, which carries; what was chosen stays."""
    held(scope, merger_id, Act.PREPARE)
    act = actions.hold(merger_id=merger_id, state=MergerState.DRAFT, seen_version=seen_version)
    choices = {**act.choices, **chosen}
    for one in open_questions(preview(act.change()), choices):
        choices[key_of(one.room, one.question)] = one.question.options[0].value
    actions.write(by=by, merger_id=merger_id, choices=choices, seen_version=seen_version)


def discard(*, by: Actor | str, scope: Scope, merger_id: int) -> None:
    held(scope, merger_id, Act.PREPARE)
    actions.discard(by=by, merger_id=merger_id)


@transaction.atomic
def hand_in(*, by: Actor | str, scope: Scope, merger_id: int, seen_version: int | None = None) -> None:
    """Refusals merger.incomplete, merger.undecided."""
    held(scope, merger_id, Act.PREPARE)
    actions.hand_in(by=by, merger_id=merger_id, seen_version=seen_version)
    act = mergers.by_id(merger_id)
    _check_decided(preview(act.change()), act.choices)


def send_back(*, by: Actor | str, scope: Scope, merger_id: int, reason: str) -> None:
    held(scope, merger_id, Act.SIGN)
    actions.send_back(by=by, merger_id=merger_id, reason=reason)


@transaction.atomic
def sign(*, by: Actor | str, scope: Scope, merger_id: int, seen_version: int | None = None) -> None:
    """Carry the act out in every room, or in none. Refusal merger.undecided when something came up since the
    office decided: it is shown and decided first, never moved in silence.
    """
    held(scope, merger_id, Act.SIGN)
    # What is looked at is what is signed: nobody sends the act back or changes it in between.
    act = actions.hold(merger_id=merger_id, state=MergerState.READY, seen_version=seen_version)
    _check_decided(preview(act.change()), act.choices)
    # what is kept of an act is kept in the language of the act
    with translation.override("vi"):
        answers = preview(act.change())
        decided = list(_decided(answers, act.choices))
    telling.tell(act, telling.SIGNED, by)
    change = actions.enact(by=by, merger_id=merger_id, seen_version=seen_version)
    journal = {
        name: room.carry(by=by, change=change, choices=_own(name, answers[name], act.choices))
        for name, room in rooms().items()
    }
    actions.note(by=by, merger_id=merger_id, journal={**journal, "decided": decided})


@transaction.atomic
def undo(*, by: Actor | str, scope: Scope, merger_id: int, reason: str) -> None:
    """Everything as it was. Refusal merger.hangs (in words) when something new hangs on the new units."""
    held(scope, merger_id, Act.UNDO)
    actions.check_reason(reason)
    act = actions.hold(merger_id=merger_id, state=MergerState.SIGNED)
    change = act.change()
    for name, room in reversed(rooms().items()):
        if name in act.journal:
            room.undo(by=by, change=change, journal=act.journal[name])
    actions.take_back(by=by, merger_id=merger_id, reason=reason)
    telling.tell(mergers.by_id(merger_id), telling.UNDONE, by)


def held(scope: Scope, merger_id: int, step: Act) -> mergers.Act:
    act = mergers.by_id(merger_id)
    permissions.check(scope, step, queries.by_id(act.owner_id))
    return act


def key_of(room: str, question: Question) -> str:
    return f"{room}.{question.key}"


def open_questions(answers: Mapping[str, Answer], choices: Mapping[str, str]) -> list[Open]:
    """Questions without an answer, or whose answer is no longer among the options."""
    return [
        Open(room, question)
        for room, answer in answers.items()
        for question in answer.asks
        if choices.get(key_of(room, question)) not in {option.value for option in question.options}
    ]


def _decided(answers: Mapping[str, Answer], choices: Mapping[str, str]) -> Iterator[list[str]]:
    """What is asked and told, with the words of the chosen option."""
    for room, answer in answers.items():
        for question in answer.questions:
            chosen = choices.get(key_of(room, question))
            words = next((one.words for one in question.options if one.value == chosen), "")
            yield [answer.title, queries.by_id(question.unit_id).full_name, question.words, words]


def _own(room: str, answer: Answer, choices: Mapping[str, str]) -> dict[str, str]:
    return {question.key: choices[key_of(room, question)] for question in answer.asks}


def _check_decided(answers: Mapping[str, Answer], choices: Mapping[str, str]) -> None:
    undecided = open_questions(answers, choices)
    if undecided:
        words = _("Còn %(n)s việc chưa quyết định: %(first)s.")
        told = {"n": len(undecided), "first": undecided[0].question.words}
        raise Refusal(
            "merger.undecided", words % told, place=key_of(undecided[0].room, undecided[0].question)
        )

"""What the pages of an act show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.accounts import queries as people
from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.core.languages import digits
from haicap.desk.mergers.actions import key_of
from haicap.desk.mergers.affected import affected
from haicap.desk.presenters import words
from haicap.units import merging, queries
from haicap.units.mergers import Act
from haicap.units.merging import KINDS, MOST_NEW, Basis, Gift, MergerState, NewUnit, Plan
from haicap.units.places import Place
from haicap.units.succession import Answer, Question

STATES = {
    MergerState.DRAFT: gettext_lazy("Đang lập"),
    MergerState.READY: gettext_lazy("Chờ lãnh đạo tỉnh ký"),
    MergerState.SIGNED: gettext_lazy("Đã ký và thực hiện"),
    MergerState.UNDONE: gettext_lazy("Đã hoàn tác"),
}
KIND_WORDS = {"xa": gettext_lazy("Xã"), "phuong": gettext_lazy("Phường"), "dac_khu": gettext_lazy("Đặc khu")}
BASES = {
    Basis.PERCENT: gettext_lazy("phần trăm (%)"),
    Basis.PEOPLE: gettext_lazy("số dân"),
    Basis.AREA: gettext_lazy("diện tích"),
}


@dataclass(frozen=True)
class Line:
    """One act in the list."""

    id: int
    act: str
    on: str
    olds: str
    news: str
    state: str


@dataclass(frozen=True)
class Field:
    """One part that an old unit may give to a new one."""

    key: str
    name: str
    ticked: bool
    amount: str


@dataclass(frozen=True)
class GiftRow:
    place: Place
    basis: str
    fields: tuple[Field, ...]
    problem: str


@dataclass(frozen=True)
class NewRow:
    key: str
    number: int
    name: str
    kind: str
    code: str
    problems: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One question of a room; `chosen` in words, "" while nothing was decided."""

    name: str
    unit: str
    words: str
    detail: str
    options: tuple[tuple[str, str, bool], ...]
    chosen: str


@dataclass(frozen=True)
class Card:
    title: str
    notes: tuple[str, ...]
    rows: tuple[Asked, ...]
    open: int


def line(act: Act) -> Line:
    return Line(
        id=act.id,
        act=act.act or _("Chưa ghi số nghị quyết"),
        on=day(act.on),
        olds=", ".join(place.full_name for place in olds(act.plan)),
        news=", ".join(new.full_name for new in act.plan.news),
        state=str(STATES[act.state]),
    )


def told_line(act: Act) -> tuple[str, date | None, str, str, str]:
    """The same for a file: (act, day, old units, new units, state)."""
    one = line(act)
    return one.act, act.on, one.olds, one.news, one.state


def day(on: date | None) -> str:
    return digits(f"{on.day}/{on.month}/{on.year}", words.lang()) if on else words.DASH


def olds(plan: Plan) -> list[Place]:
    found = queries.by_ids(plan.olds)
    return [found[old] for old in plan.olds if old in found]


def new_rows(plan: Plan, problems: Mapping[str, str], more: bool) -> list[NewRow]:
    """The rows to fill: those that are there, at least one, and one more when it was asked for."""
    known = {new.key: new for new in plan.news}
    free = [f"k{number}" for number in range(1, MOST_NEW + 1) if f"k{number}" not in known]
    extra = free[:1] if (more or not known) else []
    rows = []
    for number, key in enumerate([*known, *extra], start=1):
        new = known.get(key, NewUnit(key, "", "", ""))
        own = {field: problems.get(f"{key}.{field}", "") for field in ("name", "kind", "code")}
        rows.append(NewRow(key, number, new.name, new.kind, new.code, own))
    return rows


def kinds() -> list[tuple[str, str]]:
    return [(kind.value, str(KIND_WORDS[kind.value])) for kind in KINDS]


def bases() -> list[tuple[str, str]]:
    return [(basis.value, str(label)) for basis, label in BASES.items()]


def gift_rows(plan: Plan, problems: Mapping[str, str]) -> list[GiftRow]:
    rows = []
    for place in olds(plan):
        gift = plan.gifts.get(place.id, Gift())
        fields = tuple(
            Field(new.key, new.full_name, new.key in gift.amounts, _typed(gift, new.key)) for new in plan.news
        )
        rows.append(GiftRow(place, gift.basis, fields, problems.get(f"give.{place.id}", "")))
    return rows


def _typed(gift: Gift, key: str) -> str:
    """The amount in the reader's language where it is a number, else as it was typed."""
    text = gift.amounts.get(key, "")
    try:
        return numbers.format(numbers.parse(text, gift.lang), words.lang()) if text else ""
    except Refusal:
        return text


def steps(act: Act) -> list[tuple[str, str, str]]:
    """(old unit, new unit, what part of it) of every step; nothing while amounts cannot be read."""
    try:
        shares = merging.shares(act.plan)
    except Refusal:
        return []
    names = {place.id: place.full_name for place in olds(act.plan)}
    news = {new.key: new.full_name for new in act.plan.news}
    return [(names[one.old], news[one.new], _part(one)) for one in shares if one.old in names]


def _part(share: merging.Share) -> str:
    if share.share is None:
        return _("một phần, chưa rõ bao nhiêu")
    if share.share == 1:
        return _("toàn bộ")
    told = {"part": words.number((share.share * 100).normalize()), "basis": str(BASES[Basis(share.basis)])}
    if share.basis == Basis.PERCENT:
        return _("%(part)s %%") % told
    return _("%(part)s %% (theo %(basis)s)") % told


def cards(answers: Mapping[str, Answer], choices: Mapping[str, str]) -> list[Card]:
    found = []
    for room, answer in answers.items():
        rows = tuple(_asked(room, question, choices) for question in answer.questions)
        undecided = sum(1 for row in rows if row.options and not row.chosen)
        found.append(Card(answer.title, answer.notes, rows, undecided))
    return found


def _asked(room: str, question: Question, choices: Mapping[str, str]) -> Asked:
    name = key_of(room, question)
    options = tuple((one.value, one.words, choices.get(name) == one.value) for one in question.options)
    chosen = next((label for _value, label, taken in options if taken), "")
    unit = queries.by_id(question.unit_id).full_name
    return Asked(name, unit, question.words, question.detail, options, chosen)


def done(act: Act) -> list[tuple[str, str, str, str]]:
    """(room, unit, what, what became of it) of a signed act, as it stood on the page that was signed."""
    return [tuple(line) for line in act.journal.get("decided", [])] if act.signed_by else []


def signatures(act: Act) -> list[tuple[str, str, datetime | None]]:
    """(what, who, when) of everything that was done to the act."""
    marks = [
        (_("Lập"), act.prepared_by, act.prepared_at),
        (_("Trình"), act.handed_by, act.handed_at),
        (_("Ký"), act.signed_by, act.signed_at),
        (_("Hoàn tác"), act.undone_by, act.undone_at),
    ]
    names = people.names(who for _what, who, _when in marks)
    return [(what, names.get(who, who), when) for what, who, when in marks if who]


def problems_by_place(found: Sequence[merging.Problem]) -> dict[str, str]:
    return {one.place: one.message for one in reversed(found)}


def told(act: Act) -> list[str]:
    """What the act means for series and for the map."""
    return affected(act) if act.on is not None else []

"""What has to be asked about a file before it can be taken in, and what need not be: once per source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import mapping, words
from .dates import Evidence, Style
from .mapping import DATES, HASHED, Plan


@dataclass(frozen=True)
class Column:
    """What was seen in one column. `words`: its different texts with their counts, {} when they are too many;
    `personal`: "" or why it was dropped."""

    heading: str
    personal: str = ""
    sample: tuple[str, ...] = ()
    words: dict[str, int] = field(default_factory=dict)
    dates: Evidence = field(default_factory=Evidence)
    native: bool = False


@dataclass(frozen=True)
class Questions:
    """`columns`: needed fields without a column; `style`: the dates read both ways and nobody has said;
    `words`: field → {word of the file: rows} that nobody has explained."""

    columns: tuple[str, ...] = ()
    style: bool = False
    words: dict[str, dict[str, int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.style or self.words)


def stored(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """As an import keeps it."""
    return [
        {
            "heading": one.heading, "personal": one.personal, "sample": list(one.sample), "words": one.words,
            "dates": vars(one.dates), "native": one.native,
        }
        for one in columns
    ]  # fmt: skip


def restored(kept: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(
            one["heading"], one["personal"], tuple(one["sample"]), dict(one["words"]),
            Evidence(**one["dates"]), one["native"],
        )
        for one in kept
    )  # fmt: skip


def usable(columns: Iterable[Column], plan: Plan) -> dict[str, str]:
    """field → heading of this file; what names a person only where it is hashed at once."""
    kinds = {one.heading: one for one in columns}
    found = mapping.present(plan, list(kinds))
    return {name: heading for name, heading in found.items() if name in HASHED or not kinds[heading].personal}


def dates_seen(columns: Iterable[Column], headings: Mapping[str, str]) -> Evidence:
    """The evidence of all date columns of the mapping together: a file has one style."""
    wanted = {headings[name] for name in DATES if name in headings}
    found = Evidence()
    for one in columns:
        if one.heading in wanted:
            found += one.dates
    return found


def ask(columns: Iterable[Column], plan: Plan, answers: Mapping[str, Any]) -> Questions:
    """`answers`: what was said about this very file; {"style": …} settles even what contradicts it."""
    columns = tuple(columns)
    headings = usable(columns, plan)
    missing = plan.missing_in(headings)
    if missing:
        return Questions(columns=tuple(missing))
    unknown = {}
    by_heading = {one.heading: one for one in columns}
    for name in words.ASKED:
        if name in headings and not answers.get("words"):
            seen = by_heading[headings[name]].words
            new = {
                word: rows
                for word, rows in seen.items()
                if word not in plan.table(name) and words.meaning(name, word, {}) is None and word
            }
            if new:
                unknown[name] = new
    return Questions(style=style_of(columns, plan, answers) is None, words=unknown)


def style_of(columns: Iterable[Column], plan: Plan, answers: Mapping[str, Any]) -> Style | None:
    """The style of this file, None while it has to be asked."""
    columns = tuple(columns)
    seen = dates_seen(columns, usable(columns, plan))
    told = answers.get("style") or plan.date_style
    if not told:
        return seen.settled()
    return Style(told) if answers.get("style") or seen.fits(Style(told)) else None


def settled(columns: Iterable[Column], plan: Plan, answers: Mapping[str, Any]) -> Plan:
    """The plan with the style of this file."""
    style = style_of(columns, plan, answers)
    return replace(plan, date_style=style.value if style else plan.date_style)

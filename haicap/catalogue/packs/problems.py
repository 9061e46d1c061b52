"""What is wrong with a pack: every problem with its file and line, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from haicap.core.errors import Refusal


@dataclass(frozen=True)
class Problem:
    """`what` is wrong, `mend` says what to write instead."""

    file: str
    line: int
    what: str
    mend: str = ""

    def __str__(self) -> str:
        place = _("%(file)s, dòng %(line)s") % {"file": self.file, "line": self.line}
        return f"{place}: {self.what}. {self.mend}".strip()


@dataclass
class Problems:
    found: list[Problem] = field(default_factory=list)

    def add(self, place: tuple[str, int], what: str, mend: str = "") -> None:
        self.found.append(Problem(place[0], place[1], what, mend))

    def raise_if_any(self) -> None:
        if self.found:
            raise refusal(self.found)


def refusal(problems: Sequence[Problem]) -> Refusal:
    """Refusal "pack.invalid"; `params["problems"]` keeps them apart, the message has one per line."""
    ordered = sorted(problems, key=lambda one: (one.file, one.line))
    first = ordered[0]
    return Refusal(
        "pack.invalid",
        "\n".join(str(one) for one in ordered),
        place=f"{first.file}:{first.line}",
        problems=tuple(ordered),
    )

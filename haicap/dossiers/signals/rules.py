"""The thresholds from which the system asks: read from a pack's signals.yaml, kept version by version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from haicap.catalogue.packs import files
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.packs.problems import Problems

from ..models import SignalRules
from ..stages import SignalKind

FILE = "signals.yaml"
#: name → (lowest, highest) of every whole number that a rule may set
LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    SignalKind.OFF_HOURS: {"dossiers": (1, 100_000), "share": (1, 100), "from": (0, 23), "to": (1, 24)},
    SignalKind.BURST: {"dossiers": (2, 100_000), "minutes": (1, 1_440)},
    SignalKind.STOPPED_CLOCK: {"dossiers": (1, 100_000), "term_share": (1, 100), "working_days": (0, 60)},
    SignalKind.BUNCHING: {"dossiers": (1, 100_000), "share": (1, 100), "in_an_hour": (1, 100_000)},
    SignalKind.LATE_EDITS: {"dossiers": (1, 100_000), "working_days": (0, 60)},
    SignalKind.SHRINKING: {"dossiers": (1, 100_000), "fall": (1, 100), "rise": (0, 100), "months": (1, 12)},
    "asking": {
        "answer_working_days": (1, 60),
        "session_working_days": (0, 60),
        "backlog_working_days": (0, 60),
    },
    "silence": {"share": (1, 100)},
    "disputes": {"leader_from": (1, 1_000_000)},
}
PROPOSAL, PLAN = "proposal", "plan"


@dataclass(frozen=True)
class Rules:
    """One published version. `basis` says where a threshold comes from: {"kind": "proposal" | "plan",
    "text": source}; `values`: section → name → whole number."""

    id: int
    number: int
    values: dict[str, dict[str, int]]
    basis: dict[str, dict[str, str]]
    indicator: str

    def of(self, section: str) -> dict[str, int]:
        return self.values[section]

    @property
    def silence_share(self) -> Decimal:
        return Decimal(self.values["silence"]["share"])

    @property
    def office_hours(self) -> tuple[time, time]:
        """First and last moment of a working day that is office time."""
        found = self.values[SignalKind.OFF_HOURS]
        return time(found["from"]), time(found["to"] - 1, 59, 59)


def read(path: Path) -> dict[str, Any]:
    """The content of a signals.yaml. Refusal pack.invalid names every problem with file and line."""
    problems = Problems()
    whole = files.read(path, problems)
    problems.raise_if_any()
    top = Fields(whole, path.name, problems, whole.at())
    top.known({"signals"})
    section = top.child("signals")
    section.known({*LIMITS, "on_time_indicator"})
    content: dict[str, Any] = {"values": {}, "basis": {}}
    for name, limits in LIMITS.items():
        part = section.child(name)
        part.known({*limits, "basis", "proposal"})
        content["values"][name] = {
            key: part.whole(key, low, high, low) if key in part.source else _missing(part, key, low)
            for key, (low, high) in limits.items()
        }
        kind = PROPOSAL if part.flag("proposal") else PLAN
        content["basis"][name] = {"kind": kind, "text": part.text("basis", longest=300)}
    content["indicator"] = section.text("on_time_indicator", required=False, longest=40)
    problems.raise_if_any()
    return content


def _missing(part: Fields, key: str, default: int) -> int:
    part.text(key)
    return default


def in_force() -> Rules | None:
    """The newest version, None while none was loaded: then nobody is asked anything. One query."""
    row = SignalRules.objects.order_by("-number").first()
    return None if row is None else of_row(row)


def of_row(row: SignalRules) -> Rules:
    content = row.content
    return Rules(row.pk, row.number, content["values"], content["basis"], content.get("indicator", ""))


def numbered(number: int) -> Rules:
    """The version that a question was asked under. One query."""
    return of_row(SignalRules.objects.get(number=number))

"""What a figure is, and the register of programmes that measure them."""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """`goal` is the largest value that is still good, `least` the smallest; None where there is none.

    `met` follows from them.
    """

    name: str
    value: float | None
    unit: str
    goal: float | None = None
    note: str = ""
    least: float | None = None

    @property
    def met(self) -> bool | None:
        if self.goal is None and self.least is None:
            return None
        if self.value is None:
            return False
        return (self.goal is None or self.value <= self.goal) and (
            self.least is None or self.value >= self.least
        )

    def line(self) -> str:
        value = None if self.value is None else float(f"{self.value:.4g}")
        fields = asdict(self) | {"value": value, "met": self.met}
        order = ("name", "value", "unit", "goal", "least", "met", "note")
        shown = {key: fields[key] for key in order if key != "least" or self.least is not None}
        return json.dumps(shown, ensure_ascii=False)


Programme = Callable[[], Iterator[Figure]]
PROGRAMMES: dict[str, Programme] = {}


def programme(name: str) -> Callable[[Programme], Programme]:
    """Register a generator of figures under the name that BENCH= selects."""

    def register(measure: Programme) -> Programme:
        PROGRAMMES[name] = measure
        return measure

    return register


def quantile(seconds: Sequence[float], share: float) -> float:
    """The smallest measured value that `share` of them do not exceed: no interpolation, no luck."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Taken:
    """Seconds of several calls: on the wall, and of this thread's processor time.

    On a machine that does other work the wall tells of that work too; the processor time does not.
    """

    wall: list[float]
    cpu: list[float]

    def p95(self, name: str, goal: float | None = None, note: str = "") -> Figure:
        """The figure in milliseconds, with the processor's share in its note."""
        processor = f"processor {ms(quantile(self.cpu, 0.95)):.2f} ms, median {ms(median(self.wall)):.2f} ms"
        notes = "; ".join(one for one in (note, processor) if one)
        return Figure(name, ms(quantile(self.wall, 0.95)), "ms", goal, notes)


def timed(calls: Iterable[Callable[[], object]]) -> Taken:
    taken = Taken([], [])
    for call in calls:
        wall, cpu = time.perf_counter(), time.thread_time()
        call()
        taken.cpu.append(time.thread_time() - cpu)
        taken.wall.append(time.perf_counter() - wall)
    return taken


def ms(seconds: float) -> float:
    return 1000 * seconds

"""Why values were not taken in: DHIS2's codes of today, with the indexes of the values they are about.

A conflict about the key of a value (element, unit, period, combination) rejects every value that was sent for
the same data set, as DHIS2 does; one about a value or about our rules rejects that value alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

TEMPLATES = {
    "E8000": "Only {0} of {1} values are valid, none was stored",
    "E8001": "No data values were sent",
    "E8002": "Data elements belong to several data sets, name one of them: {0}",
    "E8003": "Data elements do not belong to a data set: {0}",
    "E8004": "Data set `{0}` is not a valid UID",
    "E8005": "Data set `{0}` does not exist",
    "E8008": "Completion date `{0}` is not a valid date",
    "E8009": "Completion date requires data set, organisation unit and period",
    "E8010": "No permission to write data of data set `{0}`",
    "E8011": "Organisation units are not in the hierarchy of the user: {0}",
    "E8020": "Data set `{0}` does not contain data elements: {1}",
    "E8021": "Data set `{0}` does not use periods: {1}",
    "E8022": "Data set `{0}` is not reported by organisation units: {1}",
    "E8023": "Data set `{0}` does not use attribute option combinations: {1}",
    "E8024": "Data element `{1}` of data set `{0}` does not use category option combinations: {2}",
    "E8025": "Attribute option combination `{0}` cannot be used with organisation units: {1}",
    "E8030": "Data set `{0}` is not open for period `{1}`",
    "E8031": "Organisation unit `{0}` does not exist in period `{1}`",
    "E8032": "Data set `{0}`: attribute option combinations are not in use in these periods: {1}",
    "E8033": "The report of organisation unit `{0}` for period `{1}` is closed for data entry",
    "E8100": "Value #{0}: period `{1}` is missing or not valid",
    "E8101": "Value #{0}: options can be named only together with a data set",
    "E8102": "Value #{0}: data element is missing",
    "E8103": "Value #{0}: data element `{1}` does not exist",
    "E8104": "Value #{0}: data element `{1}` is not a valid UID",
    "E8105": "Value #{0}: organisation unit is missing",
    "E8106": "Value #{0}: organisation unit `{1}` is not a valid UID",
    "E8107": "Value #{0}: organisation unit `{1}` does not exist",
    "E8108": "Value #{0}: category option combination `{1}` does not exist",
    "E8109": "Value #{0}: category option combination `{1}` is not a valid UID",
    "E8110": "Value #{0}: attribute option combination `{1}` does not exist",
    "E8111": "Value #{0}: attribute option combination `{1}` is not a valid UID",
    "E8120": "Value #{0}: the value is missing",
    "E8122": "Value #{0}: `{1}` is not valid for type {2}: {3}",
    "E8123": "Value #{0}: `{1}` is not an option of data element `{2}`",
    "E8125": "Value #{0}: the comment is longer than {1} characters",
    "E8128": "Values {0} are about the same cell: {1}",
}
# How the parts of a value are called in `objects` and `property`
PARTS = ("dataSet", "dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")


@dataclass(frozen=True, slots=True)
class Conflict:
    """`part` names what is wrong (one of PARTS, or "value"); `objects`: part → what was sent."""

    code: str
    message: str
    indexes: tuple[int, ...] = ()
    part: str = "value"
    objects: tuple[tuple[str, str], ...] = ()

    @property
    def object(self) -> str:
        held = dict(self.objects)
        return held.get(self.part) or next(iter(held.values()), "")

    def as_json(self) -> dict[str, Any]:
        return {
            "object": self.object,
            "objects": dict(self.objects),
            "value": self.message,
            "errorCode": self.code,
            "property": self.part,
            "indexes": list(self.indexes),
        }


def conflict(
    code: str,
    *args: object,
    indexes: Iterable[int] = (),
    part: str = "value",
    objects: Sequence[tuple[str, str]] = (),
) -> Conflict:
    """With the words of its code."""
    words = TEMPLATES[code].format(*(_listed(arg) for arg in args))
    return Conflict(code, words, tuple(indexes), part, tuple(objects))


def merged(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """What says the same about the same thing becomes one conflict with all its indexes."""
    found: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], list[int]] = {}
    for one in conflicts:
        found.setdefault((one.code, one.message, one.part, one.objects), []).extend(one.indexes)
    return [
        Conflict(code, message, tuple(sorted(indexes)), part, objects)
        for (code, message, part, objects), indexes in found.items()
    ]


def _listed(arg: object, most: int = 20) -> str:
    if not isinstance(arg, list | tuple | set | frozenset):
        return str(arg)
    listed = [str(one) for one in (sorted(arg) if isinstance(arg, set | frozenset) else arg)]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more

"""What became of an import: written as DHIS2 writes it today, read as it wrote it then and now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import JsonResponse

from haicap.api.dhis2.conflicts import Conflict, merged
from haicap.api.dhis2.messages import web_message
from haicap.api.dhis2.options import Options

SUCCESS, WARNING, ERROR = "SUCCESS", "WARNING", "ERROR"
DESCRIPTIONS = {
    SUCCESS: "Import process completed successfully",
    WARNING: "Some values were not stored, see conflicts",
    ERROR: "No value was stored, see conflicts",
}
DRAFTS = "All values were stored, some of them only as drafts, see conflicts"


@dataclass(slots=True)
class Summary:
    """Counts of values; `new` to `removed` say what became of them.

    DHIS2 of today counts every stored value as updated, whether or not there was one before, and values as
    deleted only where the strategy is DELETE: so does the answer.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    deleting: bool = False
    conflicts: list[Conflict] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    complete: str = "false"
    notes: list[str] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return self.new + self.changed + self.unchanged + self.removed

    @property
    def status(self) -> str:
        if self.conflicts and not self.taken:
            return ERROR
        return WARNING if self.conflicts else SUCCESS

    @property
    def _description(self) -> str:
        if self.status == WARNING and self.taken == self.read:
            return DRAFTS
        return DESCRIPTIONS[self.status]

    def as_json(self, options: Options) -> dict[str, Any]:
        status = self.status
        return {
            "responseType": "ImportSummary",
            "status": status,
            "importOptions": options.as_json(),
            "description": ". ".join([self._description, *self.notes]),
            "importCount": {
                "imported": 0,
                "updated": 0 if self.deleting else self.taken,
                "ignored": self.read - self.taken,
                "deleted": self.taken if self.deleting else 0,
            },
            "cellCount": {
                "read": self.read,
                "new": self.new,
                "changed": self.changed,
                "unchanged": self.unchanged,
                "removed": self.removed,
                "rejected": self.read - self.taken,
            },
            "conflicts": [one.as_json() for one in merged(self.conflicts)],
            "rejectedIndexes": sorted(self.rejected),
            "dataSetComplete": self.complete,
        }


def answer(summary: Summary, options: Options) -> JsonResponse:
    """200 for SUCCESS and WARNING (something was stored), 409 for ERROR (nothing was)."""
    status = summary.status
    message = {
        SUCCESS: "Import was successful.",
        WARNING: "One or more conflicts encountered, please check import summary.",
        ERROR: "An error occurred, please check import summary.",
    }[status]
    word = {SUCCESS: "OK"}.get(status, status)
    http = 409 if status == ERROR else 200
    return web_message(http, message, word=word, response=summary.as_json(options))


@dataclass(frozen=True, slots=True)
class Told:
    """What another system said it did with what it was sent."""

    status: str
    imported: int
    updated: int
    ignored: int
    deleted: int
    conflicts: tuple[Conflict, ...]
    rejected: tuple[int, ...]

    @property
    def stored(self) -> int:
        return self.imported + self.updated + self.deleted


def read(body: object) -> Told:
    """An answer of any DHIS2: bare summaries (until 2.37), in an envelope (since), several in a list.

    Conflicts may have codes of the time before E8000 (E7641), or none, and no indexes. ValueError for what is
    no summary.
    """
    found = _summaries(body)
    if not found:
        raise ValueError("this is not an import summary")
    states = [str(one.get("status", "")).upper() for one in found]
    counts = {
        name: sum(_count(one, name) for one in found)
        for name in ("imported", "updated", "ignored", "deleted")
    }
    return Told(
        next((word for word in (ERROR, WARNING) if word in states), SUCCESS),
        **counts,
        conflicts=tuple(_conflict(each) for one in found for each in _list(one, "conflicts")),
        rejected=tuple(sorted({int(i) for one in found for i in _list(one, "rejectedIndexes")})),
    )


def _summaries(body: object) -> list[Mapping[str, Any]]:
    if not isinstance(body, Mapping):
        return []
    inner = body.get("response")
    if isinstance(inner, Mapping):
        return _summaries(inner)
    several = _list(body, "importSummaries")
    if several:
        return [one for one in several if isinstance(one, Mapping)]
    return [body] if "importCount" in body or body.get("responseType") == "ImportSummary" else []


def _count(summary: Mapping[str, Any], name: str) -> int:
    counts = summary.get("importCount")
    return int(counts.get(name) or 0) if isinstance(counts, Mapping) else 0


def _list(held: Mapping[str, Any], key: str) -> list[Any]:
    found = held.get(key)
    return found if isinstance(found, list) else []


def _conflict(one: Mapping[str, Any]) -> Conflict:
    objects = one.get("objects")
    named = tuple((str(k), str(v)) for k, v in objects.items()) if isinstance(objects, Mapping) else ()
    thing = str(one.get("object") or "")
    return Conflict(
        code=str(one.get("errorCode") or ""),
        message=str(one.get("value") or ""),
        indexes=tuple(int(index) for index in _list(one, "indexes")),
        part=str(one.get("property") or "value"),
        objects=named or ((("object", thing),) if thing else ()),
    )

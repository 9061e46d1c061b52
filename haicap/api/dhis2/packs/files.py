"""The files of one export: JSON, plain or gzipped, read whole; every fault with its place."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from haicap.core.errors import Refusal

LARGEST = 256 * 1024 * 1024
UNITS = ("orgunits_wrapped.json", "organisationUnits.json", "metadata.json")
METADATA = ("metadata.json",)
SHAPES = ("geometry.geojson", "organisationUnits.geojson")
UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")


@dataclass(frozen=True)
class Fault:
    """One thing that was left out: where it stands, which it is, why."""

    place: str
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.place} {self.name}: {self.why}"


@dataclass
class Source:
    """What one file holds, and what was wrong in it. A thing without a sound uid is no thing."""

    file: str
    content: dict[str, Any]
    # a list is read more than once; what is wrong in it is said once
    said: dict[Fault, None] = field(default_factory=dict)

    @property
    def faults(self) -> list[Fault]:
        return list(self.said)

    def things(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """(place, thing) of one list: "dataElements[3]"."""
        rows = self.content.get(name, [])
        if not isinstance(rows, list):
            self.fault(f"{self.file}/{name}", "", _("phải là danh sách"))
            return
        seen: set[str] = set()
        for index, row in enumerate(rows):
            place = f"{self.file}/{name}[{index}]"
            uid = row.get("id") if isinstance(row, dict) else None
            if not isinstance(uid, str) or not UID.fullmatch(uid):
                self.fault(place, str(uid), _("định danh phải gồm 11 chữ và số, chữ đứng đầu"))
            elif uid in seen:
                self.fault(place, uid, _("định danh này đã có ở trước"))
            else:
                seen.add(uid)
                yield place, row

    def fault(self, place: str, name: str, why: str) -> None:
        self.said[Fault(place, name, why)] = None


def find(folder: Path, names: tuple[str, ...]) -> Path | None:
    """The first of these files that is there, plain or gzipped."""
    tries = (folder / f"{name}{end}" for name in names for end in ("", ".gz"))
    return next((path for path in tries if path.is_file()), None)


def read(path: Path) -> Source:
    """Refusal dhis2.file: no JSON object, or too much of it."""
    try:
        content = json.loads(_bytes(path))
    except (OSError, EOFError, zlib.error) as error:
        raise _refusal(path, _("không mở được tệp")) from error
    except (ValueError, RecursionError) as error:
        raise _refusal(path, _("tệp không phải JSON")) from error
    if not isinstance(content, dict):
        raise _refusal(path, _("tệp phải là một đối tượng JSON"))
    return Source(path.name, content)


def _bytes(path: Path) -> bytes:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _refusal(path, _("tệp quá lớn"))
    return data


def _refusal(path: Path, why: str) -> Refusal:
    return Refusal("dhis2.file", f"{path.name}: {why}", place=path.name)


def text(row: dict[str, Any], name: str, longest: int = 2000) -> str:
    value = row.get(name)
    return " ".join(value.split())[:longest] if isinstance(value, str) else ""


def link(row: dict[str, Any], name: str) -> str:
    """The uid of {"id": …} under `name`, "" for none."""
    value = row.get(name)
    uid = value.get("id") if isinstance(value, dict) else None
    return uid if isinstance(uid, str) else ""


def links(row: dict[str, Any], name: str) -> list[str]:
    value = row.get(name)
    found = [one.get("id") for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return [uid for uid in found if isinstance(uid, str)]


def day(row: dict[str, Any], name: str) -> date | None:
    """The day of "2016-04-01T00:00:00.000"; None when there is none or it is no day."""
    try:
        return date.fromisoformat(text(row, name)[:10])
    except ValueError:
        return None


def labels(row: dict[str, Any], longest: int = 230) -> dict[tuple[str, str], str]:
    """(role, lang) → words. DHIS2 has one base language, which is shown wherever no translation is."""
    name = text(row, "name", longest) or text(row, "displayName", longest)
    found = {("name", lang): name for lang in ("vi", "en") if name}
    for role, key in (("short", "shortName"), ("hint", "description")):
        if text(row, key):
            found |= {(role, lang): text(row, key) for lang in ("vi", "en")}
    roles = {"NAME": "name", "SHORT_NAME": "short", "DESCRIPTION": "hint"}
    translations = row.get("translations")
    for one in translations if isinstance(translations, list) else ():
        if isinstance(one, dict) and text(one, "property") in roles and text(one, "value"):
            lang = text(one, "locale")[:2].lower()
            if lang in ("vi", "bn"):
                found[roles[text(one, "property")], lang] = text(one, "value", longest)
    return found

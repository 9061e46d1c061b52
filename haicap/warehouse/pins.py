"""Snapshots that are pinned: a release, the year of a rating. Their files stay until the pin is taken off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from haicap.audit import actions as audit
from haicap.audit.slices import Actor, ref_of
from haicap.core import clock
from haicap.core.errors import Refusal

from . import manifest as manifests
from . import retention, suspects
from .archiving import Archives
from .manifest import Manifest
from .models import Archived, Pin
from .places import root_directory
from .refresh import readable_manifest, writing


@dataclass(frozen=True)
class Pinned:
    """`whole`: its files are all there, as written; else `warehouse build --as-of` makes them again."""

    name: str
    snapshot: str
    made_at: datetime
    by: str
    at: datetime
    whole: bool


def pin(*, by: Actor | str, name: str, snapshot: str = "") -> str:
    """Keep the files of that snapshot, of the one of now for ""; returns its id. Again without harm.

    Refusals pin.name (letters, digits, - and _), pin.taken (the name stands for another snapshot),
    pin.unknown (no files of that snapshot any more).
    """
    if not (name and len(name) <= 60 and name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        raise Refusal("pin.name", _("Tên chỉ gồm chữ không dấu, số, gạch ngang và gạch dưới."))
    with writing() as root, transaction.atomic():
        manifest = _held(root, snapshot)
        found = Pin.objects.filter(name=name).select_related("archived").first()
        if found and found.archived.snapshot != manifest.id:
            text = _("Tên %(name)s đã giữ ảnh chụp %(snapshot)s.")
            raise Refusal("pin.taken", text % {"name": name, "snapshot": found.archived.snapshot})
        manifests.store(root, f"{retention.PINNED}/{name}.json", manifest)
        if found is None:
            if not Archived.objects.filter(snapshot=manifest.id).exists():
                Archives().keep(manifest, ())
            archived = Archived.objects.get(snapshot=manifest.id)
            Pin.objects.create(name=name, archived=archived, at=clock.now(), by=ref_of(by))
            told = {"snapshot": manifest.id, "rows": manifest.rows}
            audit.record(by=by, action="snapshot.pinned", object=f"pin:{name}", detail=told)
    return manifest.id


def unpin(*, by: Actor | str, name: str) -> None:
    """Let go; the files leave with the next sweep unless a rule keeps them. Refusal pin.none."""
    with writing() as root, transaction.atomic():
        if not Pin.objects.filter(name=name).delete()[0]:
            raise Refusal("pin.none", _("Không có ảnh chụp nào được giữ dưới tên %(name)s.") % {"name": name})
        audit.record(by=by, action="snapshot.unpinned", object=f"pin:{name}")
        (root / retention.PINNED / f"{name}.json").unlink(missing_ok=True)


def pins() -> Iterator[Pinned]:
    """Every pin, oldest first; the checksum of each file is read."""
    root = root_directory()
    for one in Pin.objects.select_related("archived").order_by("id"):
        held = manifests.read(root, f"{retention.PINNED}/{one.name}.json")
        whole = held is not None and _is_whole(root, held)
        yield Pinned(one.name, one.archived.snapshot, one.archived.made_at, one.by, one.at, whole)


def _is_whole(root: Path, manifest: Manifest) -> bool:
    return all(suspects.is_whole(root, one, thorough=True) for one in manifest.files)


def _held(root: Path, snapshot: str) -> Manifest:
    """The manifest of a snapshot whose files are there and whole."""
    there = [
        readable_manifest(root),
        manifests.read(root, manifests.PREVIOUS),
        *retention.kept(root).values(),
    ]
    for one in there:
        if one and not one.damaged and snapshot in ("", one.id) and _is_whole(root, one):
            return one
    raise Refusal(
        "pin.unknown",
        _("Không còn tệp của ảnh chụp này. Dựng lại: haicap warehouse build --as-of … --to …"),
    )

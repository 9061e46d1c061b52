"""One export, all of it or nothing: units first, then the definitions that speak of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from haicap.api.dhis2.packs import divisions, elements, files, forms, indicators, trees
from haicap.api.dhis2.packs.files import Fault, Source
from haicap.audit.slices import Actor
from haicap.catalogue import actions as catalogue
from haicap.catalogue.packs.content import PackContent, UnitRef
from haicap.core.errors import Refusal
from haicap.units import actions as units
from haicap.units import queries


@dataclass
class Loaded:
    """`tree` or `pack` is None where the folder has no such file. `faults`: everything that was left out."""

    tree: units.TreeReport | None = None
    pack: catalogue.LoadReport | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.tree and self.tree.changed) or bool(self.pack and self.pack.changed)


def load(*, by: Actor | str, folder: Path) -> Loaded:
    """Units of orgunits_wrapped.json (or metadata.json), areas and points of geometry.geojson, definitions of
    metadata.json; each may be gzipped. Refusals dhis2.file, dhis2.empty, tree.…, pack.…"""
    at_units, at_shapes = files.find(folder, files.UNITS), files.find(folder, files.SHAPES)
    at_metadata = files.find(folder, files.METADATA)
    if at_units is None and at_metadata is None:
        words = _("Thư mục không có tệp nào của DHIS2: %(names)s.") % {"names": ", ".join(files.UNITS)}
        raise Refusal("dhis2.empty", words, place=folder.name)
    done = Loaded()
    metadata = files.read(at_metadata) if at_metadata else None
    tree = metadata if at_units == at_metadata else files.read(at_units) if at_units else None
    with transaction.atomic():
        if tree is not None and tree.content.get("organisationUnits"):
            shapes = files.read(at_shapes) if at_shapes else None
            done.tree = _tree(by, tree, shapes, done)
        if metadata is not None and any(metadata.content.get(name) for name in ("dataElements", "dataSets")):
            done.pack = _pack(by, metadata, tree)
    done.faults += [fault for source in (tree, metadata) if source for fault in source.faults]
    done.faults = list(dict.fromkeys(done.faults))
    return done


def _tree(by: Actor | str, tree: Source, shapes: Source | None, done: Loaded) -> units.TreeReport:
    shown = trees.features(shapes) if shapes else trees.inline(tree)
    report = units.load_tree(by=by, branches=trees.branches(tree), features=shown, version="dhis2")
    done.faults += [Fault(one.place, one.uid, str(one.message)) for one in report.faults]
    done.faults += shapes.faults if shapes else []
    return report


def _pack(by: Actor | str, metadata: Source, tree: Source | None) -> catalogue.LoadReport:
    named = {
        uid for _place, row in metadata.things("dataSets") for uid in files.links(row, "organisationUnits")
    }
    own = {row["id"] for _place, row in tree.things("organisationUnits")} if tree else set()
    places = queries.by_uids(named | own)
    roots = sorted({place.path.split("/")[1] for place in places.values()}, key=int)
    owner = queries.by_id(int(roots[0])) if len(roots) == 1 else None
    content = PackContent(code=f"dhis2-{owner.uid if owner else 'metadata'}")
    content.owner = UnitRef(owner.code, owner.level, owner.uid) if owner else None
    divided = divisions.read(metadata, content)
    known = elements.read(metadata, divided, content)
    levels = {uid: place.level for uid, place in places.items()}
    forms.read(metadata, divided, known, levels, content)
    indicators.read(metadata, divided, known, content)
    return catalogue.publish(by=by, content=content)

"""Every write of the catalogue."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from haicap.audit import actions as audit
from haicap.audit.slices import Actor, ref_of
from haicap.catalogue import derivations, dividing, gatekeeper, models, packs, publishing, queries
from haicap.catalogue.packs.content import PackContent, UnitRef
from haicap.catalogue.packs.problems import Problem, refusal
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units


@dataclass(frozen=True)
class LoadReport:
    """What a load did; `changed` False means that everything was there already."""

    pack: str
    number: int
    changed: bool
    elements: int
    indicators: int
    forms: int
    labels_changed: int


def load_pack(*, by: Actor | str, path: Path | str) -> LoadReport:
    """Publish the pack at `path` (its folder or its pack.yaml), or nothing at all.

    Unchanged definitions keep their version, changed ones get the next; loading the same again writes
    nothing. Refusal "pack.invalid": every problem with file, line, what is wrong and how to mend it.
    """
    try:
        with transaction.atomic():
            content = packs.read(Path(path), published=_elsewhere)
            report = _load(by, content)
            if report.changed:
                gatekeeper.check_pack(content.forms.values(), queries.current(), clock.today())
    except IntegrityError as clash:
        raise Refusal("pack.busy", _("Gói đang được nạp ở nơi khác; hãy thử lại."), place="pack") from clash
    queries.forget()
    return report


def publish(*, by: Actor | str, content: PackContent) -> LoadReport:
    """Publish what a reader of another format has made, or nothing at all; the same refusals as load_pack."""
    try:
        with transaction.atomic():
            report = _load(by, content)
    except IntegrityError as clash:
        message = _("Một mã hoặc định danh trong gói đã thuộc một định nghĩa khác.")
        raise Refusal("pack.taken", message, place="pack") from clash
    queries.forget()
    return report


def _load(by: Actor | str, content: PackContent) -> LoadReport:
    ids = _units(content)
    _check_elements(content)
    report = _publish(content, ids, ref_of(by))
    if report.changed:
        touch()
        audit.record(
            by=by,
            action="catalogue.load_pack",
            object=f"pack:{content.code}",
            detail={"number": report.number, "labels": report.labels_changed},
        )
    return report


def mend_label(*, by: Actor | str, subject: str, role: str, lang: str, text: str, reason: str) -> None:
    """Mend a word without a new version. Refusals: label.unknown, label.empty."""
    if not text.strip():
        raise Refusal("label.empty", _("Tên không được để trống."), place="text")
    with transaction.atomic():
        row = models.Label.objects.filter(subject=subject, role=role, lang=lang).first()
        if row is None:
            raise Refusal("label.unknown", _("Không có tên này."), place="subject", subject=subject)
        before, row.text = row.text, text.strip()
        if before == row.text:
            return
        row.save()
        touch()
        audit.record(
            by=by,
            action="catalogue.mend_label",
            object=subject,
            detail={"role": role, "lang": lang, "from": before, "to": row.text},
            reason=reason,
        )
    queries.forget()


def _publish(content: PackContent, ids: dict[UnitRef, int], by: str) -> LoadReport:
    at = clock.now()
    owner = ids[content.owner] if content.owner else None

    def unit_id(ref: UnitRef | None) -> int | None:
        return ids[ref] if ref else None

    before = models.Pack.objects.filter(code=content.code).order_by("-number").first()
    standing = before.contents["forms"] if before else {}
    combinations = dividing.combinations(content.combinations, owner, at)
    publishing.elements(content.elements.values(), owner, at)
    indicators = list(content.indicators.values())
    contents = {
        "elements": sorted(content.elements),
        "indicators": publishing.indicators(content.indicators, owner, unit_id, at),
        "thresholds": publishing.thresholds(indicators, unit_id, at),
        "targets": publishing.targets(indicators, unit_id, at),
        "forms": publishing.forms(content.forms, owner, unit_id, standing, at),
        "policy": publishing.policy(content.code, content.policy, at) if content.policy else None,
        "calendar": publishing.years(content.years, at),
        # JSON objects keep no order in every database; the order of the files is the order on the screen.
        "order": {"indicators": list(content.indicators), "forms": list(content.forms)},
    }
    if counted := publishing.derivations(content.elements, at):
        contents["derivations"] = counted
    if content.burden:
        contents["burden"] = content.burden
    if content.counting:
        contents["counting"] = content.counting
    if combinations:
        contents["combinations"] = combinations
    if content.exchanged:
        contents["exchanged"] = publishing.indicators(content.exchanged, owner, unit_id, at)
    labels = publishing.labels(content.labels)
    mark = publishing.digest(contents)
    changed = before is None or before.digest != mark
    if changed:
        before = models.Pack.objects.create(
            code=content.code,
            number=before.number + 1 if before else 1,
            owner_id=owner,
            contents=contents,
            digest=mark,
            published_at=at,
            published_by=by,
        )
    assert before is not None
    return LoadReport(
        pack=content.code,
        number=before.number,
        changed=changed or labels > 0,
        elements=len(content.elements),
        indicators=len(content.indicators) + len(content.exchanged),
        forms=len(content.forms),
        labels_changed=labels,
    )


def _elsewhere(pack: str) -> dict[str, queries.Element]:
    """Elements that other packs publish; what this pack itself no longer lists may not be used."""
    own = models.Pack.objects.filter(code=pack).order_by("-number").first()
    gone = set(own.contents["elements"]) if own else set()
    return {code: one for code, one in queries.current().elements.items() if code not in gone}


def _units(content: PackContent) -> dict[UnitRef, int]:
    """Ids of all units that the pack names; unknown ones are problems of the pack."""
    named: list[tuple[UnitRef | None, tuple[str, int]]] = [(content.owner, ("pack.yaml", 1))]
    for one in content.indicators.values():
        named.append((one.owner, one.place))
        named += [(rule.unit, rule.place) for rule in one.thresholds]
        named += [(target.unit, target.place) for target in one.targets]
    named += [(ref, one.place) for one in content.forms.values() for ref in one.units]
    known = units.by_uids(ref.uid for ref, _place in named if ref is not None and ref.uid)
    found: dict[UnitRef, int] = {}
    problems = []
    for ref, place in named:
        if ref is None or ref in found:
            continue
        if ref.uid in known:
            found[ref] = known[ref.uid].id
            continue
        try:
            found[ref] = units.by_code(ref.code, content.on, ref.level).id
        except Refusal as unknown:
            what = _("đơn vị %(code)s: %(why)s") % {"code": ref.code, "why": unknown}
            problems.append(Problem(*place, what, _("Nạp danh mục đơn vị trước, hoặc sửa mã.")))
    if problems:
        raise refusal(problems)
    return found


def _check_elements(content: PackContent) -> None:
    differing = publishing.differing(content.elements)
    if differing:
        what, mend = _("%(code)s đã công bố với cách đếm khác"), _("Nghĩa mới thì đặt mã mới.")
        raise refusal([Problem(*one.place, what % {"code": one.code}, mend) for one in differing])
    # A pack was read with its lines; what comes from another reader is held to the same.
    wrong = [
        Problem(*one.place, f"{one.code} / derived: {what}", mend)
        for one in content.elements.values()
        if one.derived is not None
        for _key, what, mend in derivations.problems(one.derived, one.measure, one.integer)
    ]
    if wrong:
        raise refusal(wrong)


def touch() -> None:
    """A fresh token, not a counter: a number used before a rollback would hit a stale cache."""
    models.Revision.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(8)})

"""Every write about drafts: begin, save, set aside, publish. One transaction and one audit event each."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.audit import actions as audit
from haicap.audit.slices import Actor, ref_of
from haicap.catalogue import gate, models, permissions, publishing, queries
from haicap.catalogue.actions import touch
from haicap.catalogue.definitions import Element, Form
from haicap.catalogue.drafts import reading
from haicap.catalogue.drafts.content import Content, blank, of_form, shaped
from haicap.catalogue.packs.content import NewElement, NewForm
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.queries import Place

MOST_OPEN = 50


def begin(*, by: Actor | str, scope: permissions.Scope, owner_id: int, form: str = "") -> int:
    """A new draft: empty, or of the form in force that it will revise. Refusals: regime.unknown,
    regime.not_yours, form.unknown, draft.many."""
    owner = units.by_id(owner_id)
    permissions.check_edit(scope, owner)
    content = blank()
    if form:
        published = queries.form(form)
        if published.owner_unit_id != owner_id:
            raise permissions.unknown()
        content = of_form(published, queries.current())
    with transaction.atomic():
        if models.FormDraft.objects.filter(owner_id=owner_id, closed_at=None).count() >= MOST_OPEN:
            raise Refusal(
                "draft.many", gettext_lazy("Đã có nhiều bản thảo chưa xong; hãy công bố hoặc bỏ bớt.")
            )
        at, ref = clock.now(), ref_of(by)
        row = models.FormDraft.objects.create(
            owner_id=owner_id,
            form=form,
            content=content,
            made_at=at,
            made_by=ref,
            changed_at=at,
            changed_by=ref,
        )
        audit.record(by=by, action="draft.begun", object=_name(row), detail={"form": form})
    return row.pk


def save(*, by: Actor | str, scope: permissions.Scope, draft_id: int, content: Content, seen: int) -> int:
    """Keep what was typed, right or wrong; returns the new version. The same content is a no-op.

    Refusals: regime.unknown, regime.not_yours, draft.closed, draft.stale (somebody saved in between).
    """
    with transaction.atomic():
        row = _locked(scope, draft_id)
        kept = shaped(content)
        if kept == row.content:
            return row.version
        if row.version != seen:
            raise Refusal(
                "draft.stale",
                gettext_lazy("Bản thảo vừa được người khác sửa. Nội dung của bạn vẫn ở dưới đây, chưa lưu."),
                seen=seen,
                version=row.version,
                by=row.changed_by,
            )
        row.content, row.version = kept, row.version + 1
        row.changed_at, row.changed_by = clock.now(), ref_of(by)
        row.save()
        audit.record(by=by, action="draft.saved", object=_name(row), detail={"version": row.version})
    return row.version


def set_aside(*, by: Actor | str, scope: permissions.Scope, draft_id: int) -> None:
    """Close a draft without publishing it; it stays readable in the record."""
    with transaction.atomic():
        row = _locked(scope, draft_id)
        row.closed_at = row.changed_at = clock.now()
        row.changed_by = ref_of(by)
        row.save()
        audit.record(by=by, action="draft.set_aside", object=_name(row))


def publish(*, by: Actor | str, scope: permissions.Scope, draft_id: int, seen: int) -> Form:
    """Publish the draft as a new form or the next version of its form.

    Refusals: regime.unknown, regime.not_yours, draft.closed, draft.stale, draft.invalid (params: problems),
    gate.held (all is held already; params: judgement), gate.cells (some cells must go or be justified),
    draft.outdated (a later version was published since the draft began), draft.same (nothing differs from
    the version in force), draft.busy.
    """
    try:
        with transaction.atomic():
            row = _locked(scope, draft_id)
            if row.version != seen:
                raise Refusal(
                    "draft.stale",
                    gettext_lazy("Bản thảo vừa được người khác sửa. Hãy xem lại rồi công bố."),
                    seen=seen,
                    version=row.version,
                )
            number = _publish(by, row, units.by_id(row.owner_id))
    except IntegrityError as clash:
        raise Refusal("draft.busy", _("Mẫu này đang được công bố ở nơi khác; hãy thử lại.")) from clash
    queries.forget()
    return queries.form(number[0], number[1])


def _publish(by: Actor | str, row: models.FormDraft, owner: Place) -> tuple[str, int]:
    book = queries.current()
    base = book.forms.get(row.form) if row.form else None
    if base is not None and row.content["base"] != str(base.number):
        raise Refusal(
            "draft.outdated",
            gettext_lazy(
                "Mẫu đã có bản mới hơn từ khi lập bản thảo này. Hãy xem bản ấy khác gì rồi công bố."
            ),
            number=base.number,
        )
    read = reading.read(row.content, book, owner, base)
    if read.problems:
        raise Refusal(
            "draft.invalid",
            gettext_lazy("Chưa công bố được: còn chỗ phải sửa, ghi ở từng mục."),
            problems=read.problems,
        )
    judgement = gate.judge(read.form, book, read.elements, clock.today())
    check_gate(judgement)
    at = clock.now()
    publishing.elements([_new(one) for one in read.new], owner.id, at)
    pack = _pack(owner)
    standing = pack.contents if pack else {}
    fresh = NewForm(read.code, read.spec, (), ("", 0))
    number = publishing.forms({read.code: fresh}, owner.id, _no_unit, {}, at)[read.code]
    labels = publishing.labels(read.labels)
    if base is not None and number == base.number and not labels:
        raise Refusal("draft.same", gettext_lazy("Bản thảo không khác bản đang có hiệu lực."))
    _republish(by, owner, pack, _contents(standing, read.new, read.code, number), at)
    row.published, row.closed_at, row.form = number, at, read.code
    row.changed_at, row.changed_by = at, ref_of(by)
    row.save()
    touch()
    audit.record(
        by=by,
        action="catalogue.form_published",
        object=f"form:{read.code}",
        detail={
            "number": number,
            "draft": row.pk,
            "new": [one.code for one in read.new],
            "asked_again": {one.element: one.why for one in judgement.found},
        },
    )
    return read.code, number


def check_gate(judgement: gate.Judgement) -> None:
    """Refusal gate.held or gate.cells."""
    if judgement.all_held:
        raise Refusal(
            "gate.held",
            gettext_lazy(
                "Không công bố: mọi ô của mẫu này đã có số liệu. Hãy lấy câu trả lời từ số đang có."
            ),
            judgement=judgement,
        )
    if not judgement.passes:
        raise Refusal(
            "gate.cells",
            gettext_lazy(
                "Chưa công bố được: có ô đang hỏi điều đã có. Hãy bỏ ô ấy, hoặc ghi lý do nếu được phép."
            ),
            judgement=judgement,
        )


def _locked(scope: permissions.Scope, draft_id: int) -> models.FormDraft:
    row = models.FormDraft.objects.select_for_update().filter(pk=draft_id).first()
    if row is None:
        raise permissions.unknown()
    permissions.check_edit(scope, units.by_id(row.owner_id))
    if row.closed_at is not None:
        raise Refusal("draft.closed", gettext_lazy("Bản thảo này đã công bố hoặc đã bỏ."))
    return row


def _new(one: Element) -> NewElement:
    return NewElement(one.code, one.measure, one.integer, one.non_negative, ("", 0))


def _no_unit(_ref: object) -> None:
    return None


def _pack(owner: Place) -> models.Pack | None:
    """What this unit has published in the browser so far: a pack of its own beside those from files."""
    return models.Pack.objects.filter(code=pack_code(owner)).order_by("-number").first()


def pack_code(owner: Place) -> str:
    return f"web-{owner.uid}"


def _contents(before: dict[str, Any], new: tuple[Element, ...], code: str, number: int) -> dict[str, Any]:
    order = before.get("order", {}).get("forms", [])
    return {
        "elements": sorted({*before.get("elements", []), *(one.code for one in new)}),
        "indicators": {},
        "thresholds": {},
        "targets": {},
        "forms": {**before.get("forms", {}), code: number},
        "policy": None,
        "calendar": {},
        "order": {"indicators": [], "forms": [*order, *([] if code in order else [code])]},
    }


def _republish(
    by: Actor | str, owner: Place, before: models.Pack | None, contents: dict[str, Any], at: Any
) -> None:
    mark = publishing.digest(contents)
    if before is not None and before.digest == mark:
        return
    models.Pack.objects.create(
        code=pack_code(owner),
        number=before.number + 1 if before else 1,
        owner_id=owner.id,
        contents=contents,
        digest=mark,
        published_at=at,
        published_by=ref_of(by),
    )


def _name(row: models.FormDraft) -> str:
    return f"draft:{row.pk}"

"""What `haicap load` does, and how it tells what it did."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.accounts.scopes import Grant, Scope
from haicap.accounts.states import Role
from haicap.api.dhis2 import packs as dhis2
from haicap.catalogue import actions as catalogue
from haicap.config.published import load_figures
from haicap.core.errors import Refusal
from haicap.dossiers import actions as dossiers
from haicap.dossiers.actions.rules import load_rules
from haicap.dossiers.queries import imports, origins
from haicap.dossiers.states import IMPORT_LABELS, ImportState
from haicap.units import actions as units
from haicap.units import queries

BY = "system:console"
PIECE = 1024 * 1024
Say = Callable[[str], None]


def load_units(say: Say) -> None:
    done = units.load_register(by=BY)
    text = _("Đơn vị: %(created)s mới, %(updated)s đổi, %(same)s như cũ, %(edges)s bước kế thừa mới.")
    counts = {"created": done.created, "updated": done.updated, "same": done.unchanged}
    say(text % {**counts, "edges": done.successions})
    for doubt in done.doubts:
        say("  " + doubt)


def load_pack(say: Say, path: Path) -> None:
    """The definitions of a pack; its published figures and the thresholds of its signals where it has any."""
    done = catalogue.load_pack(by=BY, path=path)
    if done.changed:
        text = _(
            "Gói %(pack)s, bản %(number)s: "
            "%(elements)s thành phần, %(indicators)s chỉ tiêu, %(forms)s biểu mẫu."
        )
        say(text % vars(done))
    else:
        say(_("Gói %(pack)s: không có gì đổi.") % {"pack": done.pack})
    figures = load_figures(BY, path)
    if figures is not None:
        told = {"new": figures.written, "same": figures.unchanged}
        say(_("Số liệu đã công bố: %(new)s mới hoặc đổi, %(same)s như cũ.") % told)
    rules = load_rules(by=BY, path=path)
    if rules is not None:
        number, new = rules
        words = (
            _("Ngưỡng câu hỏi về hồ sơ: bản %(number)s.") if new else _("Ngưỡng câu hỏi về hồ sơ: như cũ.")
        )
        say(words % {"number": number})


def load_dhis2(say: Say, folder: Path) -> None:
    """What was taken, and every single thing that was not."""
    done = dhis2.load(by=BY, folder=folder)
    if done.tree is not None:
        text = _(
            "Đơn vị: %(created)s mới, %(updated)s đổi, %(unchanged)s như cũ; "
            "%(points)s điểm, %(without_shape)s không có hình."
        )
        say(text % vars(done.tree))
    if done.pack is not None:
        text = _(
            "Gói %(pack)s, bản %(number)s: "
            "%(elements)s thành phần, %(indicators)s chỉ tiêu, %(forms)s biểu mẫu."
        )
        say(text % vars(done.pack))
    if not done.changed:
        say(_("Không có gì đổi."))
    for fault in done.faults:
        say(f"  {_('Bị bỏ qua')}: {fault}")


def load_dossiers(say: Say, path: Path, source: str, dry_run: bool) -> bool:
    """A file of any size, taken in at once by this process; what it asks is answered on its page, and it is
    not taken in until then: False. Refusals file.unreadable, dossiers.failed, those of `receive`."""
    origin = origins.by_code(source)
    owner = None if origin is None else queries.by_id(origin.owner_id)
    grants = () if owner is None else (Grant(Role.SOURCE, owner.id, owner.path),)
    scope = Scope(user_id=0, ref=BY, grants=grants)
    try:
        file = path.open("rb")
    except OSError as error:
        text = _("Không mở được tệp %(path)s: %(why)s")
        raise Refusal("file.unreadable", text % {"path": path, "why": error.strerror}) from None
    with file:
        pieces = iter(partial(file.read, PIECE), b"")
        token = dossiers.receive(
            by=BY, scope=scope, source=source, pieces=pieces, name=path.name, dry_run=dry_run, queue=False
        )
    dossiers.run_now(token=token)
    done = imports.by_token(token)
    assert done is not None
    if done.state is ImportState.FAILED:
        raise Refusal("dossiers.failed", done.failure or IMPORT_LABELS[done.state])
    if done.state is ImportState.ASKING:
        say(_("Tệp cần được trả lời trước khi nhập: %(page)s") % {"page": f"/ho-so/nhap/{token}/hoi/"})
        say(_("Chưa có hồ sơ nào được ghi."))
        return False
    told = {"read": done.read, "new": done.created, "changed": done.updated}
    text = _("Đọc %(read)s dòng: %(new)s mới, %(changed)s cập nhật, %(same)s giữ nguyên, %(bad)s bị loại.")
    say(text % {**told, "same": done.unchanged, "bad": done.rejected})
    if done.rejected:
        say(_("Danh sách dòng bị loại: %(page)s") % {"page": f"/ho-so/nhap/{token}/bi-loai.csv"})
    return True


def load_boundaries(say: Say, path: Path, version: str) -> None:
    """Both sides of what did not match are listed: nothing is dropped in silence."""
    done = units.import_boundaries(by=BY, path=path, version=version)
    told = {"version": version, "coverage": done.coverage}
    say(_("Ranh giới bản %(version)s: khớp %(coverage)s.") % told)
    for heading, rows in (
        (_("Trong tệp, không có đơn vị"), done.unmatched_file),
        (_("Có đơn vị, không có trong tệp"), done.unmatched_units),
        (_("Bị từ chối"), done.invalid),
        (_("Đã sửa"), done.repaired),
    ):
        for row in rows:
            say(f"  {heading}: {row}")


def load_layout(say: Say, code: str) -> None:
    """Compute the hexagons of a unit's parts anew, telling every tenth of the way."""
    owner = queries.by_code(code)
    told = 0

    def progress(share: float) -> None:
        nonlocal told
        if share < 1 and int(share * 10) > told:
            told = int(share * 10)
            say(f"  {told * 10} %")

    say(_("Đang xếp ô lục giác của %(name)s…") % {"name": owner.name})
    made = units.make_layout(by=BY, owner_id=owner.id, progress=progress)
    text = _("Bản đồ ô của %(name)s: %(cells)s ô, bản %(version)s.")
    say(text % {"name": owner.name, "cells": len(made.cells), "version": made.version})

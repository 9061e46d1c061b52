"""Workbooks that came back, between the preview and the decision. Nothing here touches a report."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal

from ..models import Upload

KEPT_FOR = timedelta(hours=4)
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload of one person. `unit` "": one form of many units; `applied_at`: when it was written."""

    token: str
    form: str
    period: str
    unit: str
    name: str
    lang: str
    sha256: str
    content: bytes
    until: datetime
    applied_at: datetime | None


def keep_upload(
    *, by: Actor | str, form: str, period: str, unit: str, name: str, lang: str, content: bytes
) -> str:
    """Keep the file for a few hours and return its token. An earlier file of the same person for the same
    report makes room, and so does everything that is over its time."""
    now, token, ref = clock.now(), token_urlsafe(16), ref_of(by)
    with transaction.atomic():
        Upload.objects.filter(until__lt=now).delete()
        Upload.objects.filter(by=ref, form=form, period=period, unit_code=unit).delete()
        row = Upload.objects.create(
            token=token,
            by=ref,
            at=now,
            until=now + KEPT_FOR,
            form=form,
            period=period,
            unit_code=unit,
            name=name[-LONGEST_NAME:],
            lang=lang,
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
        )
        audit.record(
            by=by,
            action="workbook.received",
            object=f"upload:{row.pk}",
            detail={"name": row.name, "sha256": row.sha256, "bytes": len(content)},
        )
    return token


def kept_upload(*, by: Actor | str, token: str) -> Kept:
    """Refusal "upload.expired": it is over its time, was replaced, or is somebody else's."""
    row = Upload.objects.filter(token=token, by=ref_of(by), until__gte=clock.now()).first()
    if row is None:
        raise Refusal(
            "upload.expired",
            gettext_lazy(
                "Tệp đã tải lên không còn được giữ (quá 4 giờ, hoặc đã thay bằng tệp khác). Hãy tải lại."
            ),
        )
    return Kept(
        token=row.token,
        form=row.form,
        period=row.period,
        unit=row.unit_code,
        name=row.name,
        lang=row.lang,
        sha256=row.sha256,
        content=bytes(row.content),
        until=row.until,
        applied_at=row.applied_at,
    )


def mark_applied(*, by: Actor | str, token: str) -> None:
    """The file was written; it stays until its time is over so that a second click finds its answer."""
    Upload.objects.filter(token=token, by=ref_of(by), applied_at=None).update(applied_at=clock.now())


def drop_upload(*, by: Actor | str, token: str) -> None:
    Upload.objects.filter(token=token, by=ref_of(by)).delete()

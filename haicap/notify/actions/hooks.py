"""Setting up and closing web hooks."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.slices import Actor, ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units

from .. import permissions
from ..channels.webhook.signing import secret
from ..channels.webhook.transport import check_url
from ..models import Delivery, Hook
from ..states import ALWAYS, Sending, Topic

MOST_HOOKS = 20
LONGEST_LABEL = 100


def open_hook(
    *, by: Actor | str, scope: Scope, unit_id: int, label: str, url: str, topics: Collection[Topic]
) -> tuple[int, str]:
    """The id and the secret, which is shown this once. Refusals: notify.not_yours, hook.label, hook.url,
    hook.plain, hook.private, hook.topics, hook.too_many."""
    permissions.check_office(scope, units.by_id(unit_id))
    name = " ".join(label.split())
    if not name or len(name) > LONGEST_LABEL:
        raise Refusal(
            "hook.label", gettext_lazy("Hãy ghi tên hệ thống nhận, tối đa 100 ký tự."), place="label"
        )
    check_url(url)
    wanted = [topic.value for topic in Topic if topic in topics and topic not in ALWAYS]
    if not wanted:
        raise Refusal("hook.topics", gettext_lazy("Hãy chọn ít nhất một loại tin."), place="topics")
    with transaction.atomic():
        if Hook.objects.filter(unit_id=unit_id, closed_at__isnull=True).count() >= MOST_HOOKS:
            raise Refusal("hook.too_many", gettext_lazy("Đã có quá nhiều địa chỉ gọi; hãy đóng bớt."))
        hook = Hook.objects.create(
            unit_id=unit_id,
            label=name,
            url=url,
            salt=secrets.token_hex(16),
            topics=wanted,
            opened_at=clock.now(),
            opened_by=ref_of(by),
        )
        detail = {"unit": unit_id, "label": name, "topics": wanted}
        audit.record(by=by, action="hook.opened", object=f"hook:{hook.pk}", detail=detail)
    return hook.pk, secret(hook)


def close_hook(*, by: Actor | str, scope: Scope, hook_id: int) -> None:
    """No more calls; what still waits is dropped. Refusal hook.unknown (also for a stranger)."""
    with transaction.atomic():
        hook = Hook.objects.select_for_update().filter(pk=hook_id, closed_at__isnull=True).first()
        if hook is None or not permissions.is_office(scope, units.by_id(hook.unit_id)):
            raise Refusal("hook.unknown", gettext_lazy("Không có địa chỉ gọi này."))
        hook.closed_at = clock.now()
        hook.save(update_fields=["closed_at"])
        Delivery.objects.filter(hook=hook, state=Sending.WAITING.value).update(state=Sending.DROPPED.value)
        audit.record(by=by, action="hook.closed", object=f"hook:{hook.pk}")

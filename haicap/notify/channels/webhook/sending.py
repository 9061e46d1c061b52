"""One signed call. The key of a delivery is the same for every attempt: a receiver that has it already
answers 2xx and does nothing, so that each event takes effect exactly once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from haicap.core import clock
from haicap.units import queries as units

from ...links import absolute
from ...models import Delivery, Notice
from ..contract import Failure
from .signing import SIGNATURE, TIMESTAMP, secret, signature
from .transport import post

# Codes and keys only: names of people and what they wrote stay in the house.
TOLD = ("form", "period", "rule", "deadline", "n", "day", "late", "soon", "sheets", "cells")


class HookSender:
    def __enter__(self) -> HookSender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def send(self, delivery: Delivery) -> bool:
        hook = delivery.hook
        if hook is None or hook.closed_at is not None:
            return False
        content = body(delivery.notice)
        stamp = int(clock.now().timestamp())
        status = post(
            hook.url,
            content,
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Haicap",
                "X-Haicap-Event": delivery.notice.code,
                "X-Haicap-Delivery": key_of(delivery),
                TIMESTAMP: str(stamp),
                SIGNATURE: signature(secret(hook), stamp, content),
            },
        )
        if 200 <= status < 300:
            return True
        # 410: the other side says that it wants no more of this
        raise Failure(f"hook.status.{status}", final=status == 410)


def key_of(delivery: Delivery) -> str:
    return f"{delivery.notice_id}-{delivery.hook_id}"


def body(notice: Notice) -> bytes:
    """{"id", "event", "at", "unit": {"code", "name"} | null, "about": {…}, "link"} in UTF-8."""
    place = units.by_id(notice.unit_id) if notice.unit_id else None
    content: Mapping[str, Any] = {
        "id": notice.pk,
        "event": notice.code,
        "at": notice.at.isoformat(),
        "unit": {"code": place.code, "name": place.full_name} if place else None,
        "about": {name: notice.params[name] for name in TOLD if name in notice.params},
        "link": absolute(notice.link),
    }
    return json.dumps(content, ensure_ascii=False, cls=DjangoJSONEncoder).encode()

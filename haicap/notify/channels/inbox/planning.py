"""Everybody who is told has it in the inbox, except what carries a key to the account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...kinds import kind
from ...models import Receipt
from ..contract import Plan


def plan(plans: Sequence[Plan], now: datetime) -> None:
    Receipt.objects.bulk_create(
        Receipt(notice=notice, user_id=person.user_id)
        for notice, _one, people in plans
        if not kind(notice.code).private
        for person in people
    )

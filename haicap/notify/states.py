"""Channels, topics and the life of a delivery, as tables."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy


class Channel(StrEnum):
    """The inbox needs no queue and cannot be turned off; the others go out of the house."""

    INBOX = "inbox"
    EMAIL = "email"
    WEBHOOK = "webhook"


class Topic(StrEnum):
    STEPS = "steps"
    ARRIVALS = "arrivals"
    REMINDERS = "reminders"
    DIGEST = "digest"
    SAFETY = "safety"


TOPIC_NAMES: dict[Topic, Any] = {
    Topic.STEPS: gettext_lazy("Báo cáo được chuyển, bị trả lại, được duyệt hoặc mở lại"),
    Topic.ARRIVALS: gettext_lazy("Xã gửi báo cáo lên tỉnh"),
    Topic.REMINDERS: gettext_lazy("Nhắc hạn và quá hạn"),
    Topic.DIGEST: gettext_lazy("Tình hình nộp báo cáo trong ngày"),
    Topic.SAFETY: gettext_lazy("An toàn tài khoản"),
}
# A province receives a hundred reports on the deadline day: mail about each would bury the rest.
BY_MAIL_UNLESS_TOLD = frozenset({Topic.STEPS, Topic.REMINDERS, Topic.DIGEST, Topic.SAFETY})
# Whoever takes over an account must not be able to silence the warnings about it.
ALWAYS = frozenset({Topic.SAFETY})
CHOOSABLE = tuple(topic for topic in Topic if topic not in ALWAYS)


class Sending(StrEnum):
    """`waiting` until it went out, `dead` when it is not tried again, `dropped` when nobody wants it any
    more."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


# Pauses after the first, second, … failed attempt; one more failure after the last and it is dead.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
# An attempt that was cut off by a kill is free again after this.
LEASE = timedelta(minutes=10)
# While the post office itself is away no attempt is counted, but news this old is no news.
STALE = timedelta(days=3)

"""What the room stores. A notice is what happened, told once; receipts and deliveries are who gets it and
how."""

from django.db import models
from django.db.models import Q

from .states import Sending


class Notice(models.Model):
    """`params` holds codes, keys and references; the words are made in the reader's language when it is
    read."""

    key = models.CharField(max_length=200, unique=True)
    code = models.CharField(max_length=40)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    # Nobody held the positions that it was meant for; listed for the office until somebody settles it.
    unreceived = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="notify_notice_at"),
            models.Index(
                fields=["unit"],
                condition=Q(unreceived=True, settled_at__isnull=True),
                name="notify_notice_unreceived",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="")
                | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
                name="notify_settled_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class Receipt(models.Model):
    """A notice in the inbox of one person."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="receipts")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="notify_one_receipt")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notify_receipt_inbox"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notify_receipt_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.user_id}"


class Hook(models.Model):
    """An address of another system that is told of what happens in a unit and below it.

    The secret is derived from the signing key and `salt`, so a copy of the database holds no secret.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    salt = models.CharField(max_length=32)
    topics = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.label} {self.pk}"


class Delivery(models.Model):
    """One notice on its way out: to a person by e-mail or to a hook.

    `address` only where it is not that of the account (confirming a new one); `error` is a code, never the
    words of a foreign server: those carry names and addresses.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=12)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    hook = models.ForeignKey(Hook, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    address = models.CharField(max_length=254, blank=True, default="")
    state = models.CharField(max_length=8, default=Sending.WAITING.value)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel", "user"], condition=Q(user__isnull=False), name="notify_one_mail"
            ),
            models.UniqueConstraint(
                fields=["notice", "hook"], condition=Q(hook__isnull=False), name="notify_one_call"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, hook__isnull=True) | Q(user__isnull=True, hook__isnull=False),
                name="notify_one_target",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="notify_delivery_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk} {self.state}"


class Choice(models.Model):
    """Whether a person wants a topic by a channel; no row: as the house thinks best."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic", "channel"], name="notify_one_choice")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic} {self.channel} {self.wanted}"

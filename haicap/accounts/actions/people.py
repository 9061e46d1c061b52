"""Accounts and their settings."""

from __future__ import annotations

import unicodedata

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy

from haicap.audit.actions import record
from haicap.audit.slices import Actor, ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.ui.context import TEXT_SIZES

from ..models import Delegation, Holding, User
from ..permissions import Act
from .rights import check_person, check_somewhere, forbidden, is_system


@transaction.atomic
def create_user(
    *,
    by: Actor | str,
    username: str,
    password: str | None = None,
    name: str = "",
    language: str = "vi",
    password_hash: str = "",
) -> User:
    """A new account, with no position yet. Refusals: user.username, user.taken, user.password, user.language.

    `password_hash` (from django.contrib.auth.hashers.make_password) serves many accounts with one slow hash;
    without either the account cannot sign in until it is given a password.
    """
    check_somewhere(by, Act.CREATE_USER)
    user = User(
        username=_username(username),
        name=unicodedata.normalize("NFC", name.strip()),
        language=_language(language),
    )
    if password is not None:
        _check_password(password, user)
        user.set_password(password)
    elif password_hash:
        user.password = password_hash
    else:
        user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise _taken(user.username) from error
    record(by=by, action="user.created", object=user.ref)
    return user


@transaction.atomic
def deactivate(*, by: Actor | str, user: User, reason: str = "") -> None:
    """Close an account: no more sign-in, its positions are vacant from today, the work stays there."""
    check_person(by, Act.DEACTIVATE, user)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return
    user.is_active = False
    today = clock.today()
    open_ones = Holding.objects.filter(user=user, ends__isnull=True)
    left = list(open_ones.values_list("position_id", flat=True))
    open_ones.update(ends=Greatest(F("starts"), today))
    Delegation.objects.filter(to=user, ends__gt=today, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
    # a signature lent by somebody who has left is nobody's signature
    Delegation.objects.filter(position_id__in=left, ends__gt=today, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
    record(by=by, action="user.deactivated", object=user.ref, detail={"positions": left}, reason=reason)


@transaction.atomic
def set_password(*, by: Actor | str, user: User, password: str) -> None:
    """By the person or by the office. Every other session of the account ends (Django's session hash)."""
    if ref_of(by) != user.ref:
        check_person(by, Act.SET_PASSWORD, user)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(by=by, action="user.password_changed", object=user.ref)


@transaction.atomic
def set_email(*, by: Actor | str, user: User, email: str) -> None:
    """The address for mail, proven by its owner or vouched for by the console; "" for none.

    Refusals: user.email, accounts.forbidden.
    """
    if ref_of(by) != user.ref and not is_system(by):
        raise forbidden()
    address = email.strip()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise Refusal(
            "user.email", gettext_lazy("Đây không phải là một địa chỉ thư."), place="address"
        ) from error
    if address == user.email:
        return
    user.email = address
    user.save(update_fields=["email"])
    # the address itself is nobody's business but its owner's
    record(by=by, action="user.email", object=user.ref, detail={"set": bool(address)})


def set_language(*, by: Actor | str, user: User, language: str) -> None:
    """vi, en or bn. Refusal user.language."""
    _set_own(by, user, "language", _language(language))


def set_text_size(*, by: Actor | str, user: User, size: int) -> None:
    """Percent: one of ui.context.TEXT_SIZES. Refusal user.text_size."""
    if size not in TEXT_SIZES:
        raise Refusal("user.text_size", gettext_lazy("Không có cỡ chữ này."), place="size", size=size)
    _set_own(by, user, "text_size", size)


@transaction.atomic
def _set_own(by: Actor | str, user: User, field: str, value: str | int) -> None:
    if ref_of(by) != user.ref and not is_system(by):
        raise forbidden()
    before = getattr(user, field)
    if before == value:
        return
    setattr(user, field, value)
    user.save(update_fields=[field])
    record(by=by, action=f"user.{field}", object=user.ref, detail={"from": before, "to": value})


def _username(text: str) -> str:
    username = User.normalize_username(text.strip())
    try:
        User.username_validator(username)
    except ValidationError as error:
        raise Refusal(
            "user.username",
            gettext_lazy("Tên đăng nhập chỉ gồm chữ, số và các dấu @ . + - _"),
            place="username",
        ) from error
    # "Leader" beside "leader" is how one person is taken for another.
    if User.objects.filter(username__iexact=username).exists():
        raise _taken(username)
    return username


def _taken(username: str) -> Refusal:
    return Refusal(
        "user.taken", gettext_lazy("Tên đăng nhập này đã có người dùng."), place="username", username=username
    )


def _language(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Refusal(
            "user.language", gettext_lazy("Không có ngôn ngữ này."), place="language", language=language
        )
    return language


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal("user.password", " ".join(error.messages), place="password") from error

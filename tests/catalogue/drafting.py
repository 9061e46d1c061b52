"""A draft that is right, and the short way from it to a published form."""

from __future__ import annotations

from typing import Any

from haicap.accounts.models import User
from haicap.accounts.scopes import Scope, scope_of
from haicap.catalogue.definitions import Form
from haicap.catalogue.drafts import actions, queries
from haicap.catalogue.drafts.content import Content, blank, shaped
from haicap.catalogue.states import REGIME_TEXTS


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": f"{text} (en)", "bn": f"{text} (bn)"}


def new_element(code: str = "CAM_BIEN", **more: Any) -> Content:
    return {
        "code": code,
        "name": words(f"Cảm biến {code}"),
        "unit": "hệ thống",
        "counts": "một cảm biến đang gửi số",
        "over_time": "sum",
        "over_units": "sum",
        "over_split": "sum",
        "integer": True,
        "non_negative": True,
        **more,
    }


def cells(*codes: str, **whys: str) -> list[Content]:
    return [{"element": code, "required": True, "why": whys.get(code, "")} for code in codes]


def right(**more: Any) -> Content:
    """A monthly form about one new element."""
    content = blank() | {
        "code": "CB-T",
        "name": words("Báo cáo cảm biến"),
        "first_day": "01/11/2026",
        "asker": "Sở Khoa học và Công nghệ",
        **{name: words(f"Nội dung {name}") for name in REGIME_TEXTS},
        "sections": [{"code": "A", "name": words("Phần một"), "cells": cells("CAM_BIEN")}],
        "new": [new_element()],
    }
    return shaped(content | more)


def office(user: User) -> Scope:
    return scope_of(user)


def drafted(user: User, owner_id: int, content: Content, form: str = "") -> int:
    scope = scope_of(user)
    draft = actions.begin(by=user, scope=scope, owner_id=owner_id, form=form)
    content = content | {"base": content["base"] or queries.draft(scope, draft).content["base"]}
    actions.save(by=user, scope=scope, draft_id=draft, content=content, seen=1)
    return draft


def publish(user: User, owner_id: int, content: Content, form: str = "") -> Form:
    scope = scope_of(user)
    draft = drafted(user, owner_id, content, form)
    seen = queries.draft(scope, draft).version
    return actions.publish(by=user, scope=scope, draft_id=draft, seen=seen)

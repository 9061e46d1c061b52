"""A refresh in the middle of a page must not file old figures under the new stamp."""

from typing import Any

from django.test import Client

from haicap.desk.views import overview
from haicap.insight import freshness
from haicap.warehouse import store
from haicap.warehouse.refresh import refresh


def test_one_page_one_snapshot(rough: Any, monkeypatch: Any) -> None:
    seen: list[tuple[str, str]] = []
    heatmap = overview.heatmap

    def interrupted(*args: Any) -> Any:
        found = heatmap(*args)
        # the writer swaps between the figures and the stamp they are filed under
        refresh(everything=True)
        seen.append((found.board.snapshot.id, freshness.stamp().split(".")[0]))
        return found

    monkeypatch.setattr(overview, "heatmap", interrupted)
    client = Client()
    client.force_login(rough.cast.leader, backend="django.contrib.auth.backends.ModelBackend")
    before = store.snapshot().id
    assert client.get("/").status_code == 200
    assert seen == [(before, before)]
    assert store.snapshot().id != before


def test_a_page_kept_from_an_earlier_sign_in_is_not_used_again(rough: Any) -> None:
    client = Client()
    client.force_login(rough.cast.leader, backend="django.contrib.auth.backends.ModelBackend")
    # the first page brings the cookie of the secret
    client.get("/")
    first = client.get("/")
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    # signing in again brings a new secret; the kept page carries a token of the old one
    client.cookies["csrftoken"] = "another-secret-another-secret-32"
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 200

"""The pages of an act: filled without JavaScript, decided, signed, taken back; strangers find nothing."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from haicap.core import clock
from haicap.units import mergers, queries
from haicap.units.merging import MergerState
from tests.cast import PEOPLE, Cast, World
from tests.desk.merging import DAY, merged, prepared


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen("2026-10-27T10:00"):
        yield


@pytest.fixture
def open_as(cast: Cast) -> Callable[[str], Client]:
    def opened(who: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, who))
        return client

    return opened


def test_the_whole_wizard(cast: Cast, world: World, open_as: Callable[[str], Client]) -> None:
    office, leader = open_as("office"), open_as("leader")
    first = office.post(reverse("desk:mergers"))
    (act,) = mergers.of_owner(world["66"])
    assert first.url == reverse("desk:merger_act", args=[act.id])
    _send(office, act.id, "merger_act", act="Nghị quyết 9/NQ-HĐND", on="2026-10-20", add="24505", do="add")
    told = {"act": "Nghị quyết 9/NQ-HĐND", "on": "2026-10-20", "old": str(world["24505"])}
    answer = _send(office, act.id, "merger_act", **told, add="Buôn Ma Thuột", do="next")
    assert answer.url == reverse("desk:merger_units", args=[act.id])
    row = {"k1.kind": "xa", "k1.name": "xã Ea Knuếc", "k1.code": "24505"}
    answer = _send(office, act.id, "merger_units", **row, do="next")
    assert answer.url == reverse("desk:merger_shares", args=[act.id])
    ticks = {f"give.{world[code]}.k1": "on" for code in ("24505", "24133")}
    answer = _send(office, act.id, "merger_shares", **ticks)
    assert answer.url == reverse("desk:merger", args=[act.id])
    page = office.get(answer.url)
    assert "Người commune_officer" in page.text
    assert "việc chưa quyết định" in page.text
    assert _send(office, act.id, "merger", do="hand_in").status_code == 400
    _send(office, act.id, "merger", do="fill")
    _send(office, act.id, "merger", do="hand_in")
    page = leader.get(answer.url)
    assert "Ký và thực hiện" in page.text
    assert "Ký và thực hiện" not in office.get(answer.url).text
    _send(leader, act.id, "merger", do="sign")
    assert mergers.by_id(act.id).state is MergerState.SIGNED
    new = queries.by_code("24505", DAY)
    assert new.full_name == "Xã Ea Knuếc"
    _send(leader, act.id, "merger", do="undo", reason="Nghị quyết bị bãi bỏ")
    assert mergers.by_id(act.id).state is MergerState.UNDONE
    assert queries.by_code("24505").id == world["24505"]


def _send(client: Client, id: int, name: str, **fields: str):  # type: ignore[no-untyped-def]
    seen = str(mergers.by_id(id).version)
    return client.post(reverse(f"desk:{name}", args=[id]), {"seen": seen, **fields})


@pytest.mark.parametrize("person", sorted(set(PEOPLE) - {"leader", "office"}))
def test_to_others_there_is_nothing(
    cast: Cast, world: World, open_as: Callable[[str], Client], person: str
) -> None:
    id = prepared(cast, world, merged(world))
    client = open_as(person)
    for name in ("merger", "merger_act", "merger_units", "merger_shares"):
        assert client.get(reverse(f"desk:{name}", args=[id])).status_code == 404
    assert client.post(reverse("desk:merger", args=[id]), {"do": "sign"}).status_code == 404
    listed = client.get(reverse("desk:mergers"))
    # the office of another province has a list of its own, and it is empty
    assert listed.status_code == (200 if person == "stranger_office" else 404)
    assert "Ea Knuếc" not in listed.text


def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(
    cast: Cast, world: World, open_as: Callable[[str], Client]
) -> None:
    office = open_as("office")
    office.post(reverse("desk:mergers"))
    (act,) = mergers.of_owner(world["66"])
    answer = _send(office, act.id, "merger_act", act="NQ 5", on="", add="Không Đâu", do="next")
    assert answer.status_code == 400
    assert "Không có xã, phường nào" in answer.text
    assert 'value="NQ 5"' in answer.text
    assert "Chọn ngày có hiệu lực." in answer.text
    _send(office, act.id, "merger_act", act="NQ 5", on="2026-10-20", add="24505", do="next")
    row = {"k1.kind": "xa", "k1.name": "Ea Mới", "k1.code": "22015"}
    answer = _send(office, act.id, "merger_units", **row, do="next")
    assert "Mã này đang là của Phường Tuy Hoà." in answer.text
    assert 'value="Ea Mới"' in answer.text
    rows = {**row, "k1.code": "99001", "k2.kind": "phuong", "k2.name": "Ea Kia", "k2.code": "99002"}
    _send(office, act.id, "merger_units", **rows, do="next")
    old = world["24505"]
    parts = {f"amount.{old}.k1": "60", f"amount.{old}.k2": "30", f"basis.{old}": "percent"}
    answer = _send(office, act.id, "merger_shares", **parts)
    assert answer.status_code == 400
    assert "hiện là 90 %" in answer.text
    assert 'value="30"' in answer.text


def test_two_at_once_do_not_overwrite_each_other(
    cast: Cast, world: World, open_as: Callable[[str], Client]
) -> None:
    id = prepared(cast, world, merged(world))
    client, address = open_as("office"), reverse("desk:merger_act", args=[id])
    old = {"act": "NQ 6", "on": "2026-10-20", "seen": "1", "do": "next"}
    answer = client.post(address, old)
    assert answer.status_code == 400
    assert "đã thay đổi" in answer.text
    assert mergers.by_id(id).act != "NQ 6"


@pytest.mark.parametrize("name", ["mergers", "merger", "merger_act", "merger_units", "merger_shares"])
@pytest.mark.parametrize("lang", ["vi", "en", "bn"])
def test_every_page_in_three_languages_with_few_queries(
    cast: Cast,
    world: World,
    open_as: Callable[[str], Client],
    django_assert_max_num_queries: Callable[[int], object],
    name: str,
    lang: str,
) -> None:
    id = prepared(cast, world, merged(world))
    client = open_as("office")
    client.cookies["django_language"] = lang
    address = reverse(f"desk:{name}", args=[] if name == "mergers" else [id])
    client.get(address)
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        page = client.get(address)
    assert page.status_code == 200
    assert f'lang="{lang}"' in page.text

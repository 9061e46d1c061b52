"""/series read under the units of today: labelled, with what it is made of, or with who is to blame."""

from django.test import Client

from haicap.api import actions as keys
from haicap.units import queries
from haicap.warehouse.refresh import refresh
from tests.cast import BY
from tests.desk.merging import DAY, merged, signed, split
from tests.world import Land


def asked(land: Land, **query: str):  # type: ignore[no-untyped-def]
    key = keys.issue_key(by=BY, label="Thử", unit_id=land.world["66"]).text
    told = {"from": "2026-08", "to": "2026-10", "indicator": "CQ01", **query}
    return Client().get("/api/open/v1/series", told, headers={"authorization": f"Bearer {key}"})


def test_c9_the_past_of_a_merged_unit_is_told_as_recast(land: Land) -> None:
    """C9: the same question as reported has gaps; as today it names the parts and their shares."""
    signed(land.cast, land.world, merged(land.world))
    refresh()
    today = asked(land, unit="24505", reading="today").json()["points"]
    assert [point["reading"] for point in today] == ["recast", "recast", "unavailable"]
    assert {(part["unit"], part["share"]) for part in today[0]["made_of"]} == {("24505", 1), ("24133", 1)}
    assert today[0]["value"] is not None
    assert [(one["unit"], one["why"]) for one in today[2]["to_blame"]] == [("24133", "not_reported")]
    reported = asked(land, unit="24505").json()["points"]
    assert [point["value"] for point in reported] == [None, None, None]
    assert {point["reading"] for point in reported} == {"reported"}


def test_an_unknown_share_is_told_by_name(land: Land) -> None:
    signed(land.cast, land.world, split(land.world, {"k1": "", "k2": ""}))
    refresh()
    points = asked(land, unit="99001", reading="today").json()["points"]
    assert {point["reading"] for point in points} == {"unavailable"}
    old = queries.by_id(land.world["24505"])
    assert old.valid_to == DAY


def test_what_cannot_be_recast_is_refused(land: Land) -> None:
    assert asked(land, unit="24505", indicator="SCORE", reading="today").json()["code"] == "series.score"
    assert asked(land, unit="66", reading="today").json()["code"] == "series.level"
    assert asked(land, unit="24505", reading="tomorrow").status_code == 400

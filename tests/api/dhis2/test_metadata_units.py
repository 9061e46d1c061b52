"""/api/organisationUnits: fields, pages, filters, trees and maps of what the caller may see."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haicap.api import actions
from haicap.units import queries as units
from haicap.units.actions.stamp import touch
from haicap.units.models import Unit
from tests.api.dhis2.conftest import Call, basic
from tests.api.dhis2.export import CLINIC, CLOSED, COUNTRY, NORTH, SMALL, SOUTH
from tests.cast import BY, Cast, World

PATH = "/api/organisationUnits"


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["organisationUnits"]]


def test_a_list_shows_ids_and_names_in_pages(call: Call, foreign_key: str) -> None:
    body = call(PATH, key=foreign_key, pageSize=2).json()
    assert body["pager"] | {"nextPage": ""} == {
        "page": 1, "total": 5, "pageSize": 2, "pageCount": 3, "nextPage": "",
    }  # fmt: skip
    assert "page=2" in body["pager"]["nextPage"]
    assert body["organisationUnits"][0] == {"id": COUNTRY, "displayName": "Land of Tests"}
    last = call(PATH, key=foreign_key, pageSize=2, page=99).json()
    assert (last["pager"]["page"], len(last["organisationUnits"])) == (3, 1)
    assert "nextPage" not in last["pager"]
    assert last["pager"]["prevPage"]


def test_without_paging_there_is_no_pager(call: Call, foreign_key: str) -> None:
    """C18: what is asked for whole comes whole."""
    for given in ({"paging": "false"}, {"skipPaging": "true"}):
        body = call(PATH, key=foreign_key, **given).json()
        assert list(body) == ["organisationUnits"]
        assert len(body["organisationUnits"]) == 5


def test_the_next_page_keeps_every_filter(call: Call, client: Client, foreign_key: str) -> None:
    first = client.get(
        f"{PATH}?filter=level:ge:1&filter=level:le:3&pageSize=3&fields=id",
        headers={"Authorization": f"ApiToken {foreign_key}"},
    ).json()
    second = client.get(
        first["pager"]["nextPage"], headers={"Authorization": f"ApiToken {foreign_key}"}
    ).json()
    assert second["pager"]["total"] == 5
    assert len({one["id"] for one in first["organisationUnits"] + second["organisationUnits"]}) == 5


def test_nested_fields_lead_up_and_down(call: Call, foreign_key: str) -> None:
    body = call(
        f"{PATH}/{NORTH}",
        key=foreign_key,
        fields="id,level,path,parent[id,name],ancestors[name],children[id,name,dataSets[id,periodType]]",
    ).json()
    assert body == {
        "id": NORTH,
        "level": 2,
        "path": f"/{COUNTRY}/{NORTH}",
        "parent": {"id": COUNTRY, "name": "Land of Tests"},
        "ancestors": [{"name": "Land of Tests"}],
        "children": [
            {
                "id": CLINIC,
                "name": "Phòng khám Bờ Sông",
                "dataSets": [
                    {"id": "DsMonthly01", "periodType": "Monthly"},
                    {"id": "DsYearly001", "periodType": "Yearly"},
                ],
            }
        ],
    }


def test_one_unit_is_shown_whole_and_what_is_empty_is_left_out(call: Call, foreign_key: str) -> None:
    body = call(f"{PATH}/{CLINIC}.json", key=foreign_key).json()
    assert body["openingDate"] == "1999-05-01T00:00:00.000"
    assert "closedDate" not in body
    assert body["parent"] == {"id": NORTH}
    assert (body["children"], body["leaf"]) == ([], True)
    assert body["geometry"] == {"type": "Point", "coordinates": [10.5, 10.5]}
    assert body["dimensionItemType"] == "ORGANISATION_UNIT"
    assert body["access"]["read"]
    assert body["href"].endswith(f"/api/organisationUnits/{CLINIC}")


def test_closed_units_are_found_by_uid_and_when_asked_for(call: Call, foreign_key: str) -> None:
    assert CLOSED not in ids(call(PATH, key=foreign_key, paging="false"))
    assert call(f"{PATH}/{CLOSED}", key=foreign_key).json()["closedDate"] == "2020-06-30T00:00:00.000"
    assert ids(call(PATH, key=foreign_key, filter="closedDate:!null")) == [CLOSED]
    assert CLOSED in ids(call(PATH, key=foreign_key, includeClosed="true"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"level": "2"}, [NORTH, SOUTH]),
        ({"maxLevel": "2"}, [COUNTRY, NORTH, SOUTH]),
        ({"parent": COUNTRY}, [NORTH, SOUTH]),
        ({"parent": COUNTRY, "level": "3"}, [SMALL, CLINIC]),
        ({"parent": SOUTH, "includeDescendants": "true"}, [SOUTH, SMALL]),
        ({"userOnly": "true"}, [COUNTRY]),
        ({"query": "bo song"}, [CLINIC]),
        ({"query": "K_1"}, [CLINIC]),
        ({"query": NORTH}, [NORTH]),
        ({"level": "2", "order": "name:desc"}, [SOUTH, NORTH]),
        ({"order": "level:desc,displayName:iasc"}, [CLINIC, SMALL, NORTH, SOUTH, COUNTRY]),
        ({"filter": f"path:like:/{NORTH}"}, [NORTH, CLINIC]),
        ({"filter": f"ancestors.id:eq:{SOUTH}"}, [SMALL]),
        ({"filter": "geometry:!null"}, [NORTH, CLINIC]),
    ],
)
def test_lists_narrow_down(call: Call, foreign_key: str, query: dict[str, str], found: list[str]) -> None:
    """C26 among them: "bo song" finds "Bờ Sông"."""
    assert ids(call(PATH, key=foreign_key, **query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"includeChildren": "true"}, [COUNTRY, NORTH, SOUTH]),
        ({"includeDescendants": "true"}, [COUNTRY, NORTH, SOUTH, SMALL, CLINIC]),
        ({"level": "2"}, [SMALL, CLINIC]),
    ],
)
def test_one_unit_with_what_is_below(
    call: Call, foreign_key: str, query: dict[str, str], found: list[str]
) -> None:
    assert ids(call(f"{PATH}/{COUNTRY}", key=foreign_key, **query)) == found


def test_one_unit_with_what_is_above_and_its_parts_by_address(call: Call, foreign_key: str) -> None:
    assert ids(call(f"{PATH}/{CLINIC}", key=foreign_key, includeAncestors="true")) == [CLINIC, NORTH, COUNTRY]
    assert ids(call(f"{PATH}/{COUNTRY}/children", key=foreign_key)) == [NORTH, SOUTH]
    assert ids(call(f"{PATH}/{CLINIC}/ancestors", key=foreign_key)) == [COUNTRY, NORTH]
    assert len(ids(call(f"{PATH}/{COUNTRY}/descendants", key=foreign_key))) == 4
    assert call(f"{PATH}/{CLINIC}/name", key=foreign_key).json() == {"name": "Phòng khám Bờ Sông"}
    assert call(f"{PATH}/{CLINIC}/nothing", key=foreign_key).status_code == 404


def test_a_map_shows_what_has_a_shape(call: Call, foreign_key: str) -> None:
    body = call(f"{PATH}.geojson", key=foreign_key, level="2", parent=COUNTRY).json()
    (feature,) = body["features"]
    assert body["type"] == "FeatureCollection"
    assert (feature["id"], feature["geometry"]["type"]) == (NORTH, "Polygon")
    assert feature["properties"] | {"groups": []} == {
        "code": "D_1", "name": "North", "level": "2", "parent": COUNTRY, "parentGraph": f"/{COUNTRY}",
        "groups": [],
    }  # fmt: skip
    ring = feature["geometry"]["coordinates"][0]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0  # turned: GeoJSON wants outer rings counter-clockwise
    one = call(f"{PATH}/{CLINIC}.geojson", key=foreign_key).json()
    assert (one["type"], one["geometry"]["type"]) == ("Feature", "Point")


def test_levels_are_named_as_the_tree_of_the_caller(call: Call, foreign_key: str, country_key: str) -> None:
    path = "/api/organisationUnitLevels"
    foreign = call(path, key=foreign_key, fields="level,name").json()["organisationUnitLevels"]
    assert foreign == [{"level": n, "name": f"Level {n}"} for n in (1, 2, 3)]
    ours = call(path, key=country_key, fields="level,name").json()["organisationUnitLevels"]
    assert [one["name"] for one in ours] == ["Cả nước", "Tỉnh, thành phố", "Xã, phường, đặc khu"]
    english = call(path, key=country_key, fields="name", locale="en").json()["organisationUnitLevels"]
    assert len({one["name"] for one in english}) == 3
    assert english[1] == {"name": "Province or city"}


def test_nobody_sees_what_is_not_theirs(call: Call, cast: Cast, foreign_key: str, world: World) -> None:
    office = basic("office")
    assert {one["id"] for one in call(PATH, headers=office).json()["organisationUnits"]} == {
        world.place(code).uid for code in ("66", "24505", "22015", "24133")
    }
    for uid in (COUNTRY, CLINIC, world.place("00466").uid, world.place("00").uid, "Nothing0001"):
        answer = call(f"{PATH}/{uid}", headers=office)
        assert (answer.status_code, answer.json()["errorCode"]) == (404, "E1005")
    assert call(PATH, headers=basic("nobody")).json()["organisationUnits"] == []
    answer = call(PATH, headers=office, parent=COUNTRY)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "E1102")
    commune = call(
        f"{PATH}/{world.place('24505').uid}", headers=basic("commune_officer"), fields="path,children"
    )
    assert commune.json()["path"].count("/") == 3


def test_siblings_of_an_ancestor_stay_out(call: Call, cast: Cast, world: World) -> None:
    body = call(
        f"{PATH}/{world.place('24505').uid}",
        headers=basic("commune_officer"),
        fields="parent[id,children[id]]",
    ).json()
    assert body["parent"]["children"] == [{"id": world.place("24505").uid}]


def test_names_come_in_the_language_of_the_caller(call: Call, cast: Cast, world: World) -> None:
    uid = world.place("66").uid
    shown = call(f"{PATH}/{uid}", headers=basic("office"), fields="name,displayName,shortName").json()
    assert shown == {"name": "Tỉnh Đắk Lắk", "displayName": "Tỉnh Đắk Lắk", "shortName": "Đắk Lắk"}
    Unit.objects.filter(uid=uid).update(name_en="Dak Lak Province")
    touch()
    english = call(f"{PATH}/{uid}", headers=basic("office"), fields="displayName", locale="en").json()
    assert english == {"displayName": "Dak Lak Province"}


def test_many_units_cost_no_more_questions_than_one(call: Call, foreign_key: str) -> None:
    fields = (
        "id,name,geometry,parent[id,geometry],children[id,geometry,dataSets[id]],ancestors[id],dataSets[*]"
    )
    call("/api/dataSets", key=foreign_key)

    def cost(**query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert call(PATH, key=foreign_key, fields=fields, **query).status_code == 200
        return len(asked)

    assert cost(paging="false") <= cost(pageSize="1") <= 7


def test_a_question_that_would_never_end_is_refused(call: Call, foreign_key: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("haicap.api.dhis2.metadata.asker.MOST_OBJECTS", 10)
    deep = "children[parent[children[parent[children[id]]]]]"
    long = "children.parent.children.parent.children.name:eq:x"
    for query in ({"fields": deep}, {"filter": long}):
        answer = call(PATH, key=foreign_key, **query)
        assert answer.status_code == 409
        assert "objects" in answer.json()["message"]


def test_a_key_for_a_district_sees_the_district(call: Call, exported: object) -> None:
    key = actions.issue_key(by=BY, label="North", unit_id=units.by_uid(NORTH).id).text
    assert ids(call(PATH, key=key)) == [NORTH, CLINIC]
    assert call("/api/me", key=key, fields="organisationUnits[id]").json() == {
        "organisationUnits": [{"id": NORTH}]
    }

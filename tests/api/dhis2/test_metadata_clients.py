"""Three clients that other people wrote read a served Haicap: dhis2-client, dhis2-fetch, dhis2.py."""

import dhis2
import dhis2_fetch
import pytest
from dhis2_client import DHIS2Client
from dhis2_client.errors import DHIS2HTTPError
from dhis2_fetch.exceptions import AuthenticationError

from tests.api.dhis2.export import AGES, BORN, CLINIC, COUNTRY, DOSES, MONTHLY, NORTH, SMALL, SOUTH
from tests.api.dhis2.served import Served


@pytest.fixture
def client(served: Served) -> DHIS2Client:
    return DHIS2Client(served.url, token=served.key, retries=0)


@pytest.fixture
def fetch(served: Served) -> dhis2_fetch.Dhis2Client:
    return dhis2_fetch.connect(served.url, served.viewer, served.password, max_attempts=1, quiet=True)


@pytest.fixture
def api(served: Served) -> dhis2.Api:
    return dhis2.Api(served.url, served.viewer, served.password, api_version=42)


def test_dhis2_client_reads_who_what_and_where(client: DHIS2Client, served: Served) -> None:
    assert client.get_system_info()["calendar"] == "iso8601"
    assert client.get_current_user(fields="id,name")["name"] == "Ministry"
    assert len(client.fetch_all("/api/organisationUnits", page_size=2)) == 5
    names = [one["name"] for one in client.get_organisation_units(level=2, fields="id,name")]
    assert names == ["North", "South"]
    assert client.get_org_unit(CLINIC, fields="level")["level"] == 3
    tree = client.get_org_unit_tree(root_uid=COUNTRY, levels=3)
    assert [one["id"] for one in tree["children"]] == [NORTH, SOUTH]
    assert tree["children"][0]["children"] == [
        {"id": CLINIC, "displayName": "Phòng khám Bờ Sông", "level": 3}
    ]
    (root,) = client.get_org_unit_tree(levels=1)["organisationUnits"]
    assert root["id"] == COUNTRY
    person = DHIS2Client(served.url, username=served.office, password=served.password, retries=0)
    assert [one["id"] for one in person.get_organisation_units()] == [NORTH, CLINIC]


def test_dhis2_client_draws_maps(client: DHIS2Client) -> None:
    assert [one["id"] for one in client.get_org_units_geojson_by_level(2)["features"]] == [NORTH]
    assert [one["id"] for one in client.get_org_unit_children_geojson(NORTH)["features"]] == [CLINIC]
    assert [one["id"] for one in client.get_org_unit_subtree_geojson(COUNTRY)["features"]] == [NORTH, CLINIC]
    assert client.get_org_unit_geojson(CLINIC)["geometry"]["type"] == "Point"


def test_dhis2_client_reads_definitions(client: DHIS2Client) -> None:
    elements = {one["id"]: one for one in client.get_data_elements(fields="id,name,valueType")}
    assert elements[DOSES]["valueType"] == "INTEGER"
    assert client.get_data_element(BORN)["name"] == "Live births"
    assert [one["id"] for one in client.get_data_sets()] == [MONTHLY, "DsYearly001"]
    assert client.get_data_set(MONTHLY, fields="periodType") == {"periodType": "Monthly"}
    assert [one["name"] for one in client.get_users(fields="name")] == ["Ministry"]


def test_dhis2_client_is_told_what_is_wrong(client: DHIS2Client, served: Served) -> None:
    with pytest.raises(DHIS2HTTPError, match="could not be found") as caught:
        client.get_org_unit("Nothing0001")
    assert caught.value.status_code == 404
    stranger = DHIS2Client(served.url, username=served.viewer, password="sai", retries=0)
    with pytest.raises(DHIS2HTTPError) as caught:
        stranger.get_current_user()
    assert caught.value.status_code == 401
    with pytest.raises(DHIS2HTTPError) as caught:
        client.create_data_element({"name": "x"})
    assert caught.value.status_code == 405


def test_dhis2_fetch_reads_the_tree_and_its_map(fetch: dhis2_fetch.Dhis2Client) -> None:
    assert dhis2_fetch.fetch_orgunit_levels() == {1: "Level 1", 2: "Level 2", 3: "Level 3"}
    assert (fetch.fetch_boundary_ou(), fetch.fetch_country_name()) == (COUNTRY, "Land of Tests")
    tree = dhis2_fetch.fetch_orgunit_tree(3)
    assert list(tree["Level 3_uid"]) == [CLINIC, SMALL]
    assert list(tree["Level 2"]) == ["North", "South"]
    assert list(dhis2_fetch.fetch_orgunit_tree(3, boundary_ou_uid=SOUTH)["Level 3_uid"]) == [SMALL]
    assert fetch.validate_filter_ou_level([CLINIC, SMALL], 3)[0] == 3
    assert fetch.fetch_orgunit_attributes(3).empty
    shapes = dhis2_fetch.fetch_shapefiles()
    assert {level: len(one["features"]) for level, one in shapes.items()} == {"Level 2": 2, "Level 3": 2}


def test_dhis2_fetch_lists_what_can_be_downloaded(fetch: dhis2_fetch.Dhis2Client) -> None:
    items = dhis2_fetch.fetch_data_items(verbose=True)
    assert list(items["datatype"].value_counts().sort_index().items()) == [("DE", 5), ("DS", 2), ("I", 2)]
    assert items.loc[items["dataid"] == "IndDoses001", "numerator"].item() == f"#{{{DOSES}}}"
    assert dhis2_fetch.fetch_programs().empty


def test_dhis2_fetch_is_told_when_the_password_is_wrong(served: Served) -> None:
    with pytest.raises(AuthenticationError):
        dhis2_fetch.connect(served.url, served.viewer, "sai", max_attempts=1, quiet=True)


def test_dhis2_py_reads_in_pages_and_versions(api: dhis2.Api, served: Served) -> None:
    assert api.api_url.endswith("/api/42")
    assert api.version.startswith("2.42")
    assert api.version_int == 42
    merged = api.get_paged("organisationUnits", params={"fields": "id,code"}, page_size=2, merge=True)
    assert len(merged["organisationUnits"]) == 5
    pages = list(api.get_paged("dataElements", page_size=3))
    assert [len(page["dataElements"]) for page in pages] == [3, 2]
    combo = api.get(f"categoryCombos/{AGES}", params={"fields": "categoryOptionCombos[code]"}).json()
    assert len(combo["categoryOptionCombos"]) == 2
    with pytest.raises(dhis2.RequestException) as caught:
        api.get("organisationUnits/Nothing0001")
    assert caught.value.code == 404
    keyed = dhis2.Api(served.url, "apikey", served.key)
    assert keyed.get("me").json()["name"] == "Ministry"


def test_sierra_leone_is_read_whole_by_all_three(served_sierra: Served) -> None:
    """1,332 units with their uids and codes; 766 with a shape."""
    client = DHIS2Client(served_sierra.url, token=served_sierra.key, retries=0)
    assert len(client.fetch_all("/api/organisationUnits", page_size=500)) == 1332
    assert len(client.get_org_unit_subtree_geojson("ImspTQPwCqd")["features"]) == 766
    assert client.get_org_unit("O6uvpzGd5pu", fields="code,name") == {"code": "OU_264", "name": "Bo"}
    fetch = dhis2_fetch.connect(
        served_sierra.url, served_sierra.viewer, served_sierra.password, max_attempts=1, quiet=True
    )
    assert len(fetch.fetch_orgunit_tree(4)) == 1166
    assert len(dhis2_fetch.fetch_data_items()) == 48
    api = dhis2.Api(served_sierra.url, served_sierra.office, served_sierra.password)
    mine = api.get_paged("organisationUnits", page_size=200, merge=True)["organisationUnits"]
    assert {one["id"] for one in mine} >= {"O6uvpzGd5pu", "ARZ4y5i4reU"}
    assert len(mine) < 200

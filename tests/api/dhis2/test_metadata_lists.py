"""Definitions under /api/: what each list holds, what one thing shows, filters, order, errors."""

from typing import Any

import pytest
from django.test import Client

from haicap.catalogue import queries as catalogue
from tests.api.dhis2.conftest import Call, basic
from tests.api.dhis2.export import AGES, BORN, DOSES, MONTHLY, NOTE, OLD, OPEN, PROJECTS, STOCK, YOUNG
from tests.cast import Cast
from tests.world import Land

ELEMENTS = "/api/dataElements"


def ids(answer: Any, plural: str = "dataElements") -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()[plural]]


def test_an_element_is_shown_as_it_came(call: Call, foreign_key: str) -> None:
    body = call(f"{ELEMENTS}/{STOCK}", key=foreign_key).json()
    shown = {name: body[name] for name in ("code", "name", "valueType", "aggregationType", "domainType")}
    assert shown == {
        "code": "DE-STOCK 1", "name": "Stock at the end", "valueType": "NUMBER", "aggregationType": "LAST",
        "domainType": "AGGREGATE",
    }  # fmt: skip
    assert body["categoryCombo"] == {"id": "bjDvmb4bfuf"}
    assert body["dataSetElements"] == [{"dataSet": {"id": MONTHLY}, "dataElement": {"id": STOCK}}]
    doses = call(f"{ELEMENTS}/{DOSES}", key=foreign_key, fields=":nameable").json()
    assert (doses["shortName"], doses["description"]) == ("Doses given", "All antigens")


def test_an_element_of_options_leads_to_them(call: Call, foreign_key: str) -> None:
    body = call(
        f"{ELEMENTS}/{OPEN}", key=foreign_key, fields="optionSetValue,optionSet[id,options[code,name]]"
    )
    assert body.json() == {
        "optionSetValue": True,
        "optionSet": {
            "id": "OptSetYes01",
            "options": [{"code": "Y", "name": "Yes"}, {"code": "N", "name": "No"}],
        },
    }
    assert ids(call("/api/options", key=foreign_key), "options") == ["OptionYes01", "OptionNo001"]


def test_divisions_lead_to_each_other(call: Call, foreign_key: str) -> None:
    body = call(
        f"/api/categoryCombos/{AGES}",
        key=foreign_key,
        fields="name,dataDimensionType,isDefault,categories[id,code,categoryOptions[code]],"
        "categoryOptionCombos[id,code,name,categoryOptions[name]]",
    ).json()
    assert body == {
        "name": "Age",
        "dataDimensionType": "DISAGGREGATION",
        "isDefault": False,
        "categories": [
            {"id": "CatAge00001", "code": "AGE", "categoryOptions": [{"code": "<5"}, {"code": ">=5"}]}
        ],
        "categoryOptionCombos": [
            {"id": YOUNG, "code": "AGE_Y", "name": "Under 5", "categoryOptions": [{"name": "Under 5"}]},
            {"id": OLD, "code": ">=5", "name": "5 and older", "categoryOptions": [{"name": "5 and older"}]},
        ],
    }
    combos = call("/api/categoryCombos", key=foreign_key, fields="id,isDefault").json()["categoryCombos"]
    assert combos[0] == {"id": "bjDvmb4bfuf", "isDefault": True}
    assert {one["id"] for one in combos} == {"bjDvmb4bfuf", AGES, PROJECTS}
    default = call("/api/categoryOptionCombos/HllvX50cXC0", key=foreign_key).json()
    assert (default["code"], default["categoryCombo"]) == ("default", {"id": "bjDvmb4bfuf"})
    option = call("/api/categoryOptions/OptWater001", key=foreign_key).json()
    assert option["startDate"] == "2024-01-01T00:00:00.000"
    assert option["categories"] == [{"id": "CatProj0001"}]


def test_a_data_set_shows_elements_sections_and_who_owes_it(call: Call, foreign_key: str) -> None:
    body = call(f"/api/dataSets/{MONTHLY}", key=foreign_key).json()
    assert (body["periodType"], body["timelyDays"], body["openFuturePeriods"]) == ("Monthly", 5, 1)
    assert {one["id"] for one in body["organisationUnits"]} == {"Clinic00001", "Clinic00002"}
    assert [one["dataElement"]["id"] for one in body["dataSetElements"]][:2] == [DOSES, BORN]
    assert body["indicators"] == [{"id": "IndDoses001"}]
    parts = call(f"/api/dataSets/{MONTHLY}", key=foreign_key, fields="sections[name,dataElements[id]]").json()
    assert parts["sections"][0] == {"name": "Children", "dataElements": [{"id": DOSES}, {"id": BORN}]}
    yearly = call("/api/dataSets/DsYearly001", key=foreign_key, fields="categoryCombo[id]").json()
    assert yearly == {"categoryCombo": {"id": PROJECTS}}


def test_indicators_speak_dhis2s_language_again(call: Call, foreign_key: str) -> None:
    ratio = call("/api/indicators/IndDoses001", key=foreign_key).json()
    assert (ratio["numerator"], ratio["denominator"]) == (f"#{{{DOSES}}}", f"#{{{BORN}}}")
    young = call("/api/indicators/IndYoung001", key=foreign_key, fields="numerator,denominator").json()
    assert young == {"numerator": f"2 * #{{{DOSES}.{YOUNG}}} - #{{{BORN}}}", "denominator": "1"}
    types = call("/api/indicatorTypes", key=foreign_key, fields="factor,number").json()["indicatorTypes"]
    assert {(one["factor"], one["number"]) for one in types} == {(100, False), (1, True)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"filter": "name:eq:Live births"}, [BORN]),
        ({"filter": "name:ieq:live BIRTHS"}, [BORN]),
        ({"filter": "name:like:births"}, [BORN]),
        ({"filter": "name:like:BIRTHS"}, []),
        ({"filter": "name:ilike:BIRTHS"}, [BORN]),
        ({"filter": "name:$ilike:live"}, [BORN]),
        ({"filter": "name:ilike$:GIVEN"}, [DOSES]),
        ({"filter": "name:startsWith:stock"}, [STOCK]),
        ({"filter": "name:endsWith:end"}, [STOCK]),
        ({"filter": "name:token:end stock"}, [STOCK]),
        ({"filter": "name:!ilike:e"}, []),
        ({"filter": "valueType:ne:INTEGER"}, [BORN, NOTE, OPEN, STOCK]),
        ({"filter": f"id:in:[{BORN},{NOTE}]"}, [BORN, NOTE]),
        ({"filter": f"id:!in:[{BORN},{NOTE}]"}, [DOSES, OPEN, STOCK]),
        ({"filter": "description:null"}, [BORN, NOTE, OPEN, STOCK]),
        ({"filter": "description:!null"}, [DOSES]),
        ({"filter": "categoryCombo.name:eq:Age"}, [DOSES]),
        ({"filter": f"categoryCombo:eq:{AGES}"}, [DOSES]),
        ({"filter": "categoryCombo.categoryOptionCombos:eq:2"}, [DOSES]),
        ({"filter": "categoryCombo.categoryOptionCombos:gt:1"}, [DOSES]),
        ({"filter": "dataSetElements.dataSet.id:eq:DsYearly001"}, [BORN]),
        ({"filter": "dataSetElements:ge:2"}, [BORN]),
        ({"filter": "optionSet:!null"}, [OPEN]),
        ({"filter": "dataElementGroups:empty"}, [BORN, DOSES, NOTE, OPEN, STOCK]),
        ({"filter": "zeroIsSignificant:eq:true"}, []),
        ({"filter": "identifiable:token:born"}, [BORN]),
        ({"query": "stock"}, [STOCK]),
        ({"query": "DE_NOTE"}, [NOTE]),
    ],
)
def test_filters(call: Call, foreign_key: str, query: dict[str, str], found: list[str]) -> None:
    assert sorted(ids(call(ELEMENTS, key=foreign_key, paging="false", **query))) == found


def test_filters_join_with_and_or(client: Client, foreign_key: str) -> None:
    both = f"{ELEMENTS}?filter=name:ilike:stock&filter=name:ilike:births"
    headers = {"Authorization": f"ApiToken {foreign_key}"}
    assert ids(client.get(both, headers=headers)) == []
    assert sorted(ids(client.get(f"{both}&rootJunction=OR", headers=headers))) == [BORN, STOCK]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("id", {"id": DOSES}),
        ("id,nothing,code", {"id": DOSES, "code": "DE_DOSES"}),
        (" id , code ", {"id": DOSES, "code": "DE_DOSES"}),
        ("categoryCombo", {"categoryCombo": {"id": AGES}}),
        ("categoryCombo.name", {"categoryCombo": {"name": "Age"}}),
        ("categoryCombo[name],categoryCombo[id]", {"categoryCombo": {"name": "Age", "id": AGES}}),
        ("categoryCombo[*,!id,!access]~rename(cc),!name", None),
        ("name~rename(title)", {"title": "Doses given"}),
        ("name::rename(title)", {"title": "Doses given"}),
        ("dataSetElements~size", {"dataSetElements": 1}),
        ("dataElementGroups~isEmpty,dataSetElements~isNotEmpty", {
            "dataElementGroups": True, "dataSetElements": True,
        }),
        ("categoryCombo[categoryOptionCombos~pluck(id)]", {
            "categoryCombo": {"categoryOptionCombos": [YOUNG, OLD]},
        }),
        ("categoryCombo[categoryOptionCombos[id]~paging(2;1)]", {
            "categoryCombo": {"categoryOptionCombos": [{"id": OLD}]},
        }),
        ("access[read]", {"access": {"read": True}}),
        (":identifiable,!name", {"id": DOSES, "code": "DE_DOSES"}),
    ],
)  # fmt: skip
def test_fields(call: Call, foreign_key: str, fields: str, shown: dict[str, Any] | None) -> None:
    body = call(f"{ELEMENTS}/{DOSES}", key=foreign_key, fields=fields).json()
    if shown is not None:
        assert body == shown
    else:
        assert body["cc"]["name"] == "Age"
        assert not {"id", "access"} & set(body["cc"])


def test_fields_may_come_in_several_parameters(client: Client, foreign_key: str) -> None:
    answer = client.get(
        f"{ELEMENTS}/{DOSES}?fields=id&fields=code", headers={"Authorization": f"ApiToken {foreign_key}"}
    )
    assert answer.json() == {"id": DOSES, "code": "DE_DOSES"}


@pytest.mark.parametrize("fields", [":all", "*", ":owner", ":persisted", ":simple", "*,!name"])
def test_presets(call: Call, foreign_key: str, fields: str) -> None:
    body = call(f"{ELEMENTS}/{DOSES}", key=foreign_key, fields=fields).json()
    assert body["valueType"] == "INTEGER"
    assert ("name" in body) == ("!name" not in fields)
    assert ("dataSetElements" in body) == (fields != ":simple")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"filter": "nothing:eq:1"}, 409, "E2034"),
        ({"filter": "categoryCombo.nothing:eq:1"}, 409, "E2034"),
        ({"filter": "name.id:eq:1"}, 409, "E2034"),
        ({"filter": "name"}, 409, "E2014"),
        ({"filter": "name:eq"}, 409, "E2014"),
        ({"filter": ":eq:x"}, 409, "E2014"),
        ({"filter": "name:near:x"}, 409, "E2035"),
        ({"order": "nothing:asc"}, 409, "E2015"),
        ({"order": "name:up"}, 409, "E2015"),
        ({"order": "categoryCombo:asc"}, 409, "E2015"),
        ({"fields": "id["}, 409, "E2038"),
        ({"fields": "id]"}, 409, "E2038"),
        ({"fields": ":everything"}, 409, "E2038"),
        ({"fields": "a[" * 40 + "]" * 40}, 409, "E2038"),
        ({"fields": "x," * 5000}, 409, "E2038"),
        ({"fields": "dataSetElements~paging(a)"}, 409, "E2038"),
        ({"page": "two"}, 400, None),
        ({"page": "²"}, 400, None),
        ({"pageSize": "99999999999999"}, 400, None),
        ({"paging": "perhaps"}, 400, None),
        ({"rootJunction": "XOR"}, 400, None),
    ],
)
def test_what_is_wrong_is_told_in_dhis2s_words(
    call: Call, foreign_key: str, query: dict[str, str], status: int, code: str | None
) -> None:
    answer = call(ELEMENTS, key=foreign_key, **query)
    body = answer.json()
    assert (answer.status_code, body["httpStatusCode"], body.get("errorCode")) == (status, status, code)
    assert body["status"] == "ERROR"
    assert body["message"]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("dataElements/NoSuch00001", "DataElement"),
        ("dataSets/NoSuch00001", "DataSet"),
        ("indicators/NoSuch00001", "Indicator"),
        ("categoryCombos/NoSuch00001", "CategoryCombo"),
        ("organisationUnits/NoSuch00001", "OrganisationUnit"),
        ("visualizations/NoSuch00001", "Visualization"),
    ],
)
def test_what_does_not_exist_is_named(call: Call, address: str, title: str) -> None:
    answer = call(f"/api/{address}")
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "E1005")
    assert answer.json()["message"] == f"{title} with id NoSuch00001 could not be found."


def test_only_json_is_spoken_and_only_read(call: Call, client: Client, foreign_key: str) -> None:
    assert call(f"{ELEMENTS}.json", key=foreign_key).status_code == 200
    assert call(f"{ELEMENTS}.xml", key=foreign_key).status_code == 406
    headers = {"Authorization": f"ApiToken {foreign_key}"}
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(f"{ELEMENTS}/{DOSES}", headers=headers).status_code == 405
    head = client.head(ELEMENTS, headers=headers)
    assert head.status_code == 200


@pytest.mark.parametrize(
    "plural",
    ["dataElementGroups", "organisationUnitGroups", "programs", "programIndicators", "visualizations"],
)
def test_what_haicap_has_none_of_is_an_empty_list(call: Call, plural: str) -> None:
    assert call(f"/api/{plural}", paging="false").json() == {plural: []}
    assert call(f"/api/{plural}").json()["pager"]["pageCount"] == 1


def test_our_own_definitions_are_shared_as_well(call: Call, land: Land, cast: Cast) -> None:
    office = basic("office")
    sets = call(
        "/api/dataSets", headers=office, fields="code,periodType,organisationUnits~size", paging="false"
    )
    by_code = {one["code"]: one for one in sets.json()["dataSets"]}
    assert by_code["CQS-T"] == {"code": "CQS-T", "periodType": "Monthly", "organisationUnits": 3}
    indicators = call(
        "/api/indicators", headers=office, fields="code,numerator,denominator", paging="false"
    ).json()
    own = next(one for one in indicators["indicators"] if one["code"] == "CQ01")
    elements = catalogue.current().elements
    assert own["numerator"] == f"#{{{elements['HS_DH'].uid}}}"
    assert own["denominator"] == f"#{{{elements['HS_GQ'].uid}}} + #{{{elements['HS_QH'].uid}}}"
    element = call(f"{ELEMENTS}/{elements['HS_DH'].uid}", headers=office).json()
    assert (element["valueType"], element["aggregationType"]) == ("INTEGER_ZERO_OR_POSITIVE", "SUM")
    levels = call("/api/organisationUnitLevels", headers=office, fields="level").json()
    assert len(levels["organisationUnitLevels"]) == 3


def test_definitions_of_another_tree_stay_there(call: Call, land: Land, cast: Cast, exported: object) -> None:
    office = basic("office")
    assert DOSES not in ids(call(ELEMENTS, headers=office, paging="false"))
    assert call(f"{ELEMENTS}/{DOSES}", headers=office).status_code == 404
    assert MONTHLY not in ids(call("/api/dataSets", headers=office), "dataSets")
    assert [one["id"] for one in call("/api/categoryCombos", headers=office).json()["categoryCombos"]] == [
        "bjDvmb4bfuf"
    ]


def test_me(call: Call, cast: Cast, foreign_key: str) -> None:
    me = call("/api/me", headers=basic("office")).json()
    assert (me["username"], me["name"]) == ("office", "Người office")
    assert "F_DATAVALUE_ADD" in me["authorities"]
    assert me["settings"]["keyUiLocale"] == "vi"
    assert "F_DATAVALUE_ADD" not in call("/api/me/authorities", headers=basic("viewer")).json()
    assert call("/api/me", key=foreign_key, fields="name").json() == {"name": "Foreign ministry"}
    users = call("/api/users", headers=basic("office"), fields="id").json()["users"]
    assert users == [{"id": me["id"]}]
    assert call(f"/api/users/{me['id']}", headers=basic("viewer")).status_code == 404
    assert call("/api/me/settings", headers=basic("viewer")).json()["keyDbLocale"] == "vi"


def test_everything_at_once(call: Call, foreign_key: str) -> None:
    whole = call("/api/metadata", key=foreign_key).json()
    assert len(whole["organisationUnits"]) == 5
    assert len(whole["dataElements"]) == 5
    assert "programs" not in whole
    some = call(
        "/api/metadata",
        key=foreign_key,
        **{"dataElements": "true", "dataElements:fields": "id", "dataElements:filter": "name:ilike:stock"},
    ).json()
    assert some == {"system": whole["system"], "dataElements": [{"id": STOCK}]}
    none = call("/api/metadata.json", key=foreign_key, organisationUnits="false", fields="id").json()
    assert "organisationUnits" not in none
    assert none["dataElements"][0].keys() == {"id"}


def test_what_there_is(call: Call) -> None:
    plurals = {one["plural"] for one in call("/api/resources").json()["resources"]}
    assert {"organisationUnits", "dataElements", "dataSets", "indicators", "categoryCombos"} <= plurals
    schemas = {one["name"]: one for one in call("/api/schemas").json()["schemas"]}
    names = {one["fieldName"] for one in schemas["dataElement"]["properties"]}
    assert {"id", "valueType", "categoryCombo"} <= names
    assert call("/api/schemas/organisationUnit").json()["plural"] == "organisationUnits"
    assert call("/api/schemas/nothing").status_code == 404
    types = {one["name"]: one["isoFormat"] for one in call("/api/periodTypes").json()["periodTypes"]}
    assert types["Monthly"] == "yyyyMM"

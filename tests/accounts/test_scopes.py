"""A person becomes units: by date, with delegations, in two queries."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from haicap.accounts import actions
from haicap.accounts.middleware import ScopeMiddleware
from haicap.accounts.scopes import NOBODY, scope_in, scope_of
from haicap.accounts.states import Role
from haicap.accounts.strangers import stranger_404, unit_or_404
from haicap.core import clock
from tests.cast import BY, SINCE, Cast, World, position_of

pytestmark = pytest.mark.django_db

SEES = {
    "leader": {"66", "24505", "22015", "24133"},
    "viewer": {"66", "24505", "22015", "24133"},
    "commune_officer": {"24505"},
    "commune_leader": {"24505"},
    "other_officer": {"22015"},
    "stranger_office": {"01", "00466"},
    "stranger": {"00466"},
    "nobody": set(),
}


@pytest.mark.parametrize("person", SEES)
def test_who_sees_what(person: str, cast: Cast, world: World) -> None:
    scope = scope_of(getattr(cast, person))
    assert {code for code in world.ids if scope.sees(world.place(code))} == SEES[person]


def test_roles_of_the_province_count_in_its_communes(cast: Cast, world: World) -> None:
    office = scope_of(cast.office)
    assert office.roles_at(world.place("24505")) == {Role.PROVINCE_OFFICE}
    assert not office.holds(Role.PROVINCE_OFFICE, world.place("24505"))
    assert office.holds(Role.PROVINCE_OFFICE, world.place("66"))
    officer = scope_of(cast.commune_officer)
    assert officer.roles_at(world.place("66")) == frozenset()
    assert officer.home is not None
    assert officer.home.unit_id == world["24505"]
    assert officer.ref == cast.commune_officer.ref


def test_an_id_that_begins_like_another_is_another_unit(cast: Cast, world: World) -> None:
    """/1/3/ is not above /1/35/: paths end with a slash."""
    grant = scope_of(cast.commune_officer).grants[0]
    assert grant.path.endswith(f"/{world['24505']}/")


def test_positions_count_from_their_first_day_until_the_day_before_they_end(cast: Cast) -> None:
    officer = cast.commune_officer
    assert scope_of(officer, on=SINCE - timedelta(days=1)).grants == ()
    assert len(scope_of(officer, on=SINCE).grants) == 1
    actions.vacate(by=BY, position_id=position_of(officer), on=date(2026, 3, 1))
    assert len(scope_of(officer, on=date(2026, 2, 28)).grants) == 1
    assert scope_of(officer, on=date(2026, 3, 1)).grants == ()


def test_two_queries_at_most(cast: Cast, world: World) -> None:
    actions.appoint(by=BY, user=cast.office, role=Role.ANALYST, unit_id=world["66"])
    with CaptureQueriesContext(
        connection,
    ) as seen:
        scope_of(cast.office)
    assert len(seen) <= 2


def test_nobody_and_the_closed_account_have_no_scope(cast: Cast) -> None:
    assert scope_of(AnonymousUser()) == NOBODY
    cast.leader.is_active = False
    assert scope_of(cast.leader) == NOBODY
    assert NOBODY.home is None


def test_a_request_works_its_scope_out_once_and_only_if_asked(cast: Cast, world: World) -> None:
    request = RequestFactory().get("/")
    request.user = cast.office

    def view(request: object) -> HttpResponse:
        return HttpResponse(str(scope_in(request).user_id + scope_in(request).user_id))

    with CaptureQueriesContext(connection) as seen:
        answer = ScopeMiddleware(view)(request)
    assert answer.content.decode() == str(2 * cast.office.pk)
    assert len(seen) == 2
    with CaptureQueriesContext(connection) as seen:
        ScopeMiddleware(lambda request: HttpResponse())(request)
    assert len(seen) == 0


def test_a_stranger_finds_nothing(cast: Cast, world: World) -> None:
    scope = scope_of(cast.stranger)
    assert stranger_404(scope, world.place("00466")).code == "00466"
    for place in ("66", "24505"):
        with pytest.raises(Http404):
            stranger_404(scope, world.place(place))
    for code in ("24505", "99999", ""):
        with pytest.raises(Http404):
            unit_or_404(scope, code)
    with pytest.raises(Http404):
        unit_or_404(scope, "00466", on=date(2024, 1, 1))
    assert unit_or_404(scope, "00466").id == world["00466"]


def test_the_deputy_is_leader_for_the_day_and_not_longer(cast: Cast, world: World) -> None:
    place = world.place("24505")
    with clock.frozen("2026-10-14T08:00"):
        actions.delegate(
            by=cast.commune_leader,
            position_id=position_of(cast.commune_leader),
            to=cast.commune_deputy,
            first=date(2026, 10, 15),
            last=date(2026, 10, 16),
        )
        assert not scope_of(cast.commune_deputy).holds(Role.COMMUNE_LEADER, place)
    for day, expected in ((15, True), (16, True), (17, False)):
        # 23:30 in Vietnam is still that day, though it is already the next one nowhere and the same in UTC
        with clock.frozen(f"2026-10-{day}T23:30"):
            assert scope_of(cast.commune_deputy).holds(Role.COMMUNE_LEADER, place) is expected
        with clock.frozen(f"2026-10-{day}T00:30"):
            assert scope_of(cast.commune_deputy).holds(Role.COMMUNE_LEADER, place) is expected
    with clock.frozen("2026-10-15T09:00"):
        scope = scope_of(cast.commune_deputy)
        assert [grant.delegated for grant in scope.grants] == [False, True]
        assert scope.home is not None
        assert scope.home.role is Role.COMMUNE_DEPUTY
        assert scope_of(cast.commune_leader).holds(Role.COMMUNE_LEADER, place)
        assert not scope_of(cast.other_deputy).holds(Role.COMMUNE_LEADER, place)


def test_a_deputy_who_has_left_stands_in_no_more(cast: Cast, world: World) -> None:
    today = clock.today()
    position = position_of(cast.commune_leader)
    actions.delegate(by=cast.commune_leader, position_id=position, to=cast.commune_deputy, first=today)
    actions.vacate(by=BY, position_id=position_of(cast.commune_deputy), on=today)
    assert scope_of(cast.commune_deputy).grants == ()

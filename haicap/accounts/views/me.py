"""My account: what I am, how pages look to me, who stands in for me."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from haicap.core import clock
from haicap.core.errors import Refusal

from .. import queries
from ..actions import delegate as delegate_action
from ..actions import withdraw_delegation
from ..forms import DelegateForm
from ..models import User
from ..presenters import account_page
from ..queries import Seat
from ..states import DEPUTIES


@login_required
@never_cache
@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@require_POST
def delegate(request: HttpRequest) -> HttpResponse:
    """POST position, to, first, last (may be empty)."""
    user = _user(request)
    seat = _own_seat(user, request.POST.get("position", ""))
    form = DelegateForm(request.POST, deputies=queries.deputies(seat.position_id))
    if form.is_valid():
        data = form.cleaned_data
        try:
            delegate_action(
                by=user,
                position_id=seat.position_id,
                to=queries.by_id(data["to"]),
                first=data["first"],
                last=data["last"],
            )
        except Refusal as refusal:
            form.add_error(refusal.place if refusal.place in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("Đã ghi ủy quyền."))
            return redirect("accounts:profile")
    return _page(request, bound=form, status=422)


@login_required
@require_POST
def withdraw(request: HttpRequest, delegation_id: int) -> HttpResponse:
    user = _user(request)
    mine = [seat.position_id for seat in queries.seats_of(user.pk)]
    if delegation_id not in {lent.id for lent in queries.lent_from(mine)}:
        raise Http404
    withdraw_delegation(by=user, delegation_id=delegation_id)
    messages.success(request, _("Đã thu hồi ủy quyền."))
    return redirect("accounts:profile")


def _page(request: HttpRequest, bound: DelegateForm | None = None, status: int = 200) -> HttpResponse:
    user = _user(request)
    seats = queries.seats_of(user.pk)
    forms: list[tuple[Seat, DelegateForm]] = []
    for seat in seats:
        deputies = queries.deputies(seat.position_id) if seat.role in DEPUTIES else []
        if not deputies:
            continue
        initial = {"position": seat.position_id, "first": clock.today()}
        mine = bound is not None and bound.data.get("position") == str(seat.position_id)
        forms.append((seat, bound if mine and bound else DelegateForm(deputies=deputies, initial=initial)))
    return render(request, "accounts/me.html", account_page(user, seats, forms), status=status)


def _own_seat(user: User, position: str) -> Seat:
    for seat in queries.seats_of(user.pk):
        if str(seat.position_id) == position and seat.role in DEPUTIES:
            return seat
    raise Http404


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user

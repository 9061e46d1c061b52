"""The pages of an act: the list, three pages to fill, one that shows everything and takes the decisions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from haicap.accounts.scopes import Scope, scope_in
from haicap.core.errors import Refusal
from haicap.desk.mergers import actions, forms, permissions, presenters
from haicap.desk.mergers.permissions import Act
from haicap.desk.mergers.rooms import preview
from haicap.desk.presenters import sheets, words
from haicap.tables import sheets as files
from haicap.ui import wording
from haicap.units import mergers, merging, queries
from haicap.units.merging import MergerState
from haicap.units.places import Place

FIELDS = ("name", "kind", "code")
View = Callable[..., HttpResponseBase]


def page(*methods: str) -> Callable[[View], View]:
    def dressed(view: View) -> View:
        return login_required(never_cache(require_http_methods(methods)(view)))

    return dressed


@page("GET", "HEAD", "POST")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every act of the reader's province; POST begins a new one."""
    scope = scope_in(request)
    province = _province(scope)
    if request.method == "POST":
        id = actions.start(by=scope, scope=scope, owner_id=province.id)
        return redirect("desk:merger_act", id)
    acts = mergers.of_owner(province.id)
    if file := files.asked(
        request, nghi_quyet=lambda: sheets.acts(province, map(presenters.told_line, acts))
    ):
        return file
    context = {
        "lines": [presenters.line(act) for act in acts],
        "may_prepare": permissions.can(scope, Act.PREPARE, province),
        "home_unit": province.full_name,
    }
    return render(request, "desk/mergers/list.html", context)


def _province(scope: Scope) -> Place:
    """The province whose acts this reader may see. Http404 for everybody else."""
    for place in queries.by_ids(grant.unit_id for grant in scope.grants).values():
        if permissions.can(scope, Act.VIEW, place):
            return place
    raise Http404


def _act(request: HttpRequest, id: int) -> mergers.Act:
    """Http404 for a stranger."""
    try:
        return actions.held(scope_in(request), id, Act.VIEW)
    except Refusal as refusal:
        raise Http404 from refusal


def _to_fill(request: HttpRequest, id: int) -> mergers.Act:
    """An act that this reader may still write. Refusals merger.not_yours, merger.state."""
    act = _act(request, id)
    actions.held(scope_in(request), id, Act.PREPARE)
    if act.state is not MergerState.DRAFT:
        raise Refusal("merger.state", _("Hồ sơ đã sang bước khác; hãy mở lại trang."))
    return act


def _problems(act: mergers.Act) -> dict[str, str]:
    found = merging.problems(act.plan, act.act, act.on, queries.by_id(act.owner_id))
    return presenters.problems_by_place(found)


def _shown(
    request: HttpRequest, act: mergers.Act, template: str, places: dict[str, str], **context: Any
) -> HttpResponse:
    common = {"act": act, "day": presenters.day(act.on), "problems": places}
    return render(request, f"desk/mergers/{template}.html", common | context, status=400 if places else 200)


@page("GET", "HEAD", "POST")
def act_page(request: HttpRequest, id: int) -> HttpResponse:
    """First page: the legal act, its day, the old units."""
    act, places = _to_fill(request, id), {}
    if request.method == "POST":
        post, owner = request.POST, queries.by_id(act.owner_id)
        plan = act.plan
        try:
            plan = forms.with_olds(post, plan, owner)
        except Refusal as refusal:
            places["add"] = str(refusal.message)
        places |= _written(request, id, act=post.get("act", ""), on=forms.day_of(post), plan=plan)
        act = mergers.by_id(id)
        if "add" not in post.get("do", ""):
            found = _problems(act)
            places |= {name: found[name] for name in ("act", "on", "olds") if name in found}
            if not places:
                return redirect("desk:merger_units", id)
        elif not places:
            return redirect("desk:merger_act", id)
    owner = queries.by_id(act.owner_id)
    context = {"olds": presenters.olds(act.plan), "offered": queries.communes(owner.id)}
    return _shown(request, act, "act", places, **context)


@page("GET", "HEAD", "POST")
def units_page(request: HttpRequest, id: int) -> HttpResponse:
    """Second page: the new units."""
    act, places, more = _to_fill(request, id), {}, False
    if request.method == "POST":
        more = request.POST.get("do") == "more"
        places = _written(request, id, plan=forms.with_news(request.POST, act.plan))
        act = mergers.by_id(id)
        if not more:
            found = _problems(act)
            own = ("news", *(f"{new.key}.{field}" for new in act.plan.news for field in FIELDS))
            places |= {name: found[name] for name in own if name in found}
            if not places:
                return redirect("desk:merger_shares", id)
    rows = presenters.new_rows(act.plan, places, more)
    return _shown(request, act, "units", places, rows=rows, kinds=presenters.kinds())


@page("GET", "HEAD", "POST")
def shares_page(request: HttpRequest, id: int) -> HttpResponse:
    """Third page: what part of each old unit goes where."""
    act, places = _to_fill(request, id), {}
    if request.method == "POST":
        plan = forms.with_gifts(request.POST, act.plan, words.lang())
        places = _written(request, id, plan=plan) or _problems(mergers.by_id(id))
        act = mergers.by_id(id)
        if not places:
            return redirect("desk:merger", id)
    rows = presenters.gift_rows(act.plan, places)
    return _shown(request, act, "shares", places, rows=rows, bases=presenters.bases())


def _written(request: HttpRequest, id: int, **what: Any) -> dict[str, str]:
    """Keep what was typed; a sentence under "" when somebody else was faster."""
    scope = scope_in(request)
    try:
        actions.write(
            by=scope, scope=scope, merger_id=id, seen_version=forms.version_of(request.POST), **what
        )
    except Refusal as refusal:
        return {"": wording.refusal(refusal)}
    return {}


@page("GET", "HEAD", "POST")
def detail(request: HttpRequest, id: int) -> HttpResponseBase:
    """Everything about an act: what it does in every room, what was decided, who signs."""
    act, problem = _act(request, id), ""
    if request.method == "POST":
        try:
            return _taken(request, act)
        except Refusal as refusal:
            if refusal.code == "merger.unknown":
                raise Http404 from refusal
            problem, act = wording.refusal(refusal), mergers.by_id(id)
    name, title = f"nghi-quyet-{act.id}", f"{act.act} · {presenters.day(act.on)}"
    file = files.asked(
        request,
        phan_chia=lambda: sheets.shares(name, title, presenters.steps(act)),
        da_thuc_hien=lambda: sheets.decided(name, title, presenters.done(act)),
        cac_buoc=lambda: sheets.signatures(name, title, presenters.signatures(act)),
    )
    return file or _detail(request, act, problem)


def _detail(request: HttpRequest, act: mergers.Act, problem: str) -> HttpResponse:
    province, scope = queries.by_id(act.owner_id), scope_in(request)
    found = _problems(act) if act.state in (MergerState.DRAFT, MergerState.READY) else {}
    living = not found and act.state in (MergerState.DRAFT, MergerState.READY)
    cards = presenters.cards(preview(act.change()), act.choices) if living else []
    context = {
        "here": request.path,
        "act": act,
        "day": presenters.day(act.on),
        "state": presenters.STATES[act.state],
        "problem": problem,
        "problems": found,
        "steps": presenters.steps(act),
        "told": presenters.told(act) if living else [],
        "cards": cards,
        "undecided": sum(card.open for card in cards),
        "done": presenters.done(act),
        "signatures": presenters.signatures(act),
        "news": [queries.by_id(id) for id in act.ids.values()] if act.state is MergerState.SIGNED else [],
        "may_prepare": permissions.can(scope, Act.PREPARE, province) and act.state is MergerState.DRAFT,
        "may_sign": permissions.can(scope, Act.SIGN, province) and act.state is MergerState.READY,
        "may_undo": permissions.can(scope, Act.UNDO, province) and act.state is MergerState.SIGNED,
    }
    return render(request, "desk/mergers/detail.html", context, status=400 if problem else 200)


def _taken(request: HttpRequest, act: mergers.Act) -> HttpResponse:
    """One of the steps that the buttons of the page ask for."""
    scope, post = scope_in(request), request.POST
    who: dict[str, Any] = {"by": scope, "scope": scope, "merger_id": act.id}
    seen, reason, said = forms.version_of(post), post.get("reason", ""), ""
    match post.get("do", ""):
        case "keep":
            actions.write(**who, choices={**act.choices, **forms.choices_of(post)}, seen_version=seen)
            said = _("Đã lưu các quyết định.")
        case "fill":
            actions.fill(**who, chosen=forms.choices_of(post), seen_version=seen)
            said = _("Đã chọn chuyển cho những việc còn trống. Hãy xem lại từng việc.")
        case "hand_in":
            actions.write(**who, choices={**act.choices, **forms.choices_of(post)}, seen_version=seen)
            actions.hand_in(**who)
            said = _("Đã trình lãnh đạo tỉnh ký.")
        case "sign":
            actions.sign(**who, seen_version=seen)
            said = _("Đã ký và thực hiện. Mọi việc đã chuyển như đã quyết định.")
        case "send_back":
            actions.send_back(**who, reason=reason)
            said = _("Đã trả hồ sơ về văn phòng.")
        case "undo":
            actions.undo(**who, reason=reason)
            said = _("Đã hoàn tác. Mọi việc trở lại như trước khi ký.")
        case "discard":
            actions.discard(**who)
            messages.success(request, _("Đã bỏ hồ sơ."))
            return redirect("desk:mergers")
        case _:
            raise Refusal("merger.step", _("Không có bước này."))
    messages.success(request, said)
    return redirect("desk:merger", act.id)

"""From what a browser sends to the plan of an act. Field names:

act, on, old (ids that stay ticked), add (a code or a name) · k1.name, k1.kind, k1.code · give.<old>.<key>
(ticked), amount.<old>.<key>, basis.<old> · choice.<room>.<question> · seen the version of the page
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from haicap.core.errors import Refusal
from haicap.units import queries
from haicap.units.merging import MOST_NEW, Basis, Gift, NewUnit, Plan, named
from haicap.units.places import Place

LONGEST_AMOUNT = 40
CHOICE = "choice."


def day_of(post: QueryDict) -> date | None:
    try:
        return date.fromisoformat(post.get("on", ""))
    except ValueError:
        return None


def version_of(post: QueryDict) -> int | None:
    text = post.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def with_olds(post: QueryDict, plan: Plan, owner: Place) -> Plan:
    """The ticked old units, and the one that was added. Refusal merger.old (place "add")."""
    ticked = {int(id) for id in post.getlist("old") if id.isascii() and id.isdigit()}
    olds = [old for old in plan.olds if old in ticked]
    text = post.get("add", "").strip()
    if text:
        found = found_in(text, owner)
        olds += [found.id] if found.id not in olds else []
    return _without_lost(replace(plan, olds=tuple(olds)))


def found_in(text: str, owner: Place) -> Place:
    """The one commune of the province that a code, a name or "24505 Xã Ea Knuếc" means."""
    communes = {place.code: place for place in queries.communes(owner.id)}
    code = text.split(maxsplit=1)[0]
    if code in communes:
        return communes[code]
    near = queries.search(text, within=owner.id, limit=6)
    exact = [place for place in near if text.lower() in (place.name.lower(), place.full_name.lower())]
    hits = [place for place in exact or near if place.code in communes]
    if len(hits) == 1:
        return hits[0]
    if not hits:
        words = _("Không có xã, phường nào của tỉnh mang tên hoặc mã «%(text)s».") % {"text": text[:60]}
    else:
        names = ", ".join(f"{place.code} {place.full_name}" for place in hits)
        words = _("«%(text)s» có thể là: %(names)s. Hãy ghi mã.") % {"text": text[:60], "names": names}
    raise Refusal("merger.old", words, place="add")


def with_news(post: QueryDict, plan: Plan) -> Plan:
    """The rows of new units; a row that was emptied is gone."""
    return _without_lost(replace(plan, news=tuple(_news(post))))


def _news(post: QueryDict) -> Iterator[NewUnit]:
    for number in range(1, MOST_NEW + 1):
        key = f"k{number}"
        name, code = named(post.get(f"{key}.name", ""))[:101], post.get(f"{key}.code", "").strip()[:20]
        if name or code:
            yield NewUnit(key, code, post.get(f"{key}.kind", "")[:12], name)


def with_gifts(post: QueryDict, plan: Plan, lang: str) -> Plan:
    gifts = {}
    for old in plan.olds:
        basis = post.get(f"basis.{old}", "")
        amounts = {
            new.key: post.get(f"amount.{old}.{new.key}", "").strip()[:LONGEST_AMOUNT]
            for new in plan.news
            if f"give.{old}.{new.key}" in post or post.get(f"amount.{old}.{new.key}", "").strip()
        }
        gifts[old] = Gift(basis if basis in set(Basis) else Basis.PERCENT, amounts, lang)
    return replace(plan, gifts=gifts)


def choices_of(post: QueryDict) -> dict[str, str]:
    """question → option, of the questions that the page carried; blank ones are undecided."""
    return {
        name.removeprefix(CHOICE): value[:80]
        for name, value in post.items()
        if name.startswith(CHOICE) and isinstance(value, str) and value
    }


def _without_lost(plan: Plan) -> Plan:
    """Gifts of units, or to units, that are no longer in the plan go with them."""
    keys = {new.key for new in plan.news}
    gifts = {
        old: replace(gift, amounts={key: text for key, text in gift.amounts.items() if key in keys})
        for old, gift in plan.gifts.items()
        if old in plan.olds
    }
    return replace(plan, gifts=gifts)

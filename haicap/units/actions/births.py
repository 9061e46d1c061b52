"""The rows of units that an act ends and begins, and back."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy

from haicap.core.folding import fold
from haicap.units.merging import Basis, NewUnit
from haicap.units.models import Boundary, Succession, Unit
from haicap.units.names import full_en, full_vi, uid
from haicap.units.states import Kind, Level
from haicap.units.succession import Change, hangs


def end(change: Change) -> None:
    """The old units hold until the day before."""
    Unit.objects.filter(pk__in=change.olds).update(valid_to=change.on)


def begin(change: Change) -> dict[str, int]:
    """The new units and every step into them; key of the plan → id."""
    owner = Unit.objects.get(pk=change.owner_id)
    olds = {unit.pk: unit for unit in Unit.objects.filter(pk__in=change.olds)}
    made = {new.key: _born(new, change, owner, olds) for new in change.news}
    Succession.objects.bulk_create(
        Succession(
            old_id=share.old,
            new_id=made[share.new],
            on=change.on,
            share=share.share,
            whole=share.share == 1,
            act=change.act,
            basis=share.basis,
            merger_id=change.merger,
        )
        for share in change.shares
    )
    return made


def _born(new: NewUnit, change: Change, owner: Unit, olds: dict[int, Unit]) -> int:
    kind = Kind(new.kind)
    parts = [(olds[share.old], share.share, share.basis) for share in change.shares if share.new == new.key]
    centres = [
        (unit.lon, unit.lat)
        for unit, _share, _basis in parts
        if unit.lon is not None and unit.lat is not None
    ]
    people = _sum(parts, Basis.PEOPLE, lambda one: one.population, Decimal(1))
    unit = Unit.objects.create(
        uid=uid(Level.COMMUNE, new.code, change.on),
        code=new.code,
        level=int(Level.COMMUNE),
        kind=str(kind),
        parent=owner,
        path="",
        name=new.name,
        full_name=full_vi(kind, new.name),
        name_en=full_en(kind, new.name),
        folded=fold(full_vi(kind, new.name)),
        valid_from=change.on,
        act=change.act,
        area_km2=_sum(parts, Basis.AREA, lambda one: one.area_km2, Decimal("0.01")),
        population=None if people is None else int(people),
        # good enough for a place in the hexagons; borders come with the next boundary file
        lon=sum(lon for lon, _lat in centres) / len(centres) if centres else None,
        lat=sum(lat for _lon, lat in centres) / len(centres) if centres else None,
    )
    unit.path = f"{owner.path}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit.pk


def _sum(
    parts: list[tuple[Unit, Decimal | None, str]],
    basis: Basis,
    of: Callable[[Unit], Decimal | int | None],
    step: Decimal,
) -> Decimal | None:
    """The total where every part is known in this very measure; None where one is not: nothing is guessed."""
    total = Decimal(0)
    for unit, share, own in parts:
        amount = of(unit)
        if amount is None or share is None or (share != 1 and own != basis):
            return None
        total += amount * share
    return total.quantize(step)


def remove(change: Change) -> None:
    """The new units are gone and the old ones hold again. Refusal merger.hangs."""
    if Boundary.objects.filter(unit_id__in=change.new_ids).exists():
        raise hangs(gettext_lazy("Ranh giới của đơn vị mới đã được nạp."))
    Succession.objects.filter(merger_id=change.merger).delete()
    try:
        Unit.objects.filter(pk__in=change.new_ids).delete()
    except ProtectedError as error:
        raise hangs(gettext_lazy("Đã có dữ liệu khác gắn với đơn vị mới.")) from error
    Unit.objects.filter(pk__in=change.olds, valid_to=change.on).update(valid_to=None)

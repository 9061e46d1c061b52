"""The list of procedures: declared by hand, by a pack, or with the first file that names one."""

from django.db import transaction

from haicap.audit import actions as audit
from haicap.audit.actions import Actor

from ..models import Procedure
from ..states import ServiceLevel

LONGEST_CODE, LONGEST_NAME = 80, 300


@transaction.atomic
def declare(
    *,
    by: Actor | str,
    code: str,
    name: dict[str, str],
    field: str = "",
    legal_days: int | None = None,
    online_level: str = ServiceLevel.INFO.value,
) -> int:
    """The id of the procedure: made, brought up to date, or left as it was when nothing differs.

    `legal_days` are working days. Names that are empty leave those that are known."""
    row = Procedure.objects.filter(code=code).first()
    given = {"field": field, "legal_days": legal_days, "online_level": ServiceLevel(online_level).value}
    names = {lang: text[:LONGEST_NAME] for lang, text in name.items() if text}
    if row is None:
        row = Procedure(code=code[:LONGEST_CODE], name=names, **given)
    else:
        same = names.items() <= row.name.items() and all(getattr(row, key) == to for key, to in given.items())
        if same:
            return row.pk
        row.name = row.name | names
        for key, to in given.items():
            setattr(row, key, to)
    row.save()
    audit.record(by=by, action="procedure.declared", object=f"procedure:{row.code}", detail=given)
    return row.pk


class Book:
    """Procedures of one import: (code, name) → (id, level), with new ones declared where the source may."""

    def __init__(self, by: Actor | str, *, declare_new: bool, dry_run: bool) -> None:
        self._by, self._declares, self._dry = by, declare_new, dry_run
        rows = Procedure.objects.values_list("code", "id", "online_level")
        self._known: dict[str, tuple[int, str]] = {code: (id, level) for code, id, level in rows}
        self.declared: list[str] = []

    def find(self, code: str, name: str) -> tuple[int, str] | None:
        found = self._known.get(code)
        if found is None and self._declares and len(code) <= LONGEST_CODE:
            # a dry run stores nothing, and its rows are rolled back with this number in them
            id = -1 - len(self.declared) if self._dry else self._declared(code, name)
            found = self._known[code] = (id, ServiceLevel.INFO.value)
            self.declared.append(code)
        return found

    def _declared(self, code: str, name: str) -> int:
        return declare(by=self._by, code=code, name={"vi": name})

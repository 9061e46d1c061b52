"""A folder of YAML files → `PackContent`, or every problem at once. Nothing is written here."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.catalogue import formulas
from haicap.catalogue.packs import elements, files, forms, indicators, policies, regimes
from haicap.catalogue.packs.content import PackContent
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.packs.files import Map
from haicap.catalogue.packs.problems import Problems

MAIN = "pack.yaml"
SECTIONS = {
    "pack", "measures", "counting_units", "elements", "formulas", "indicators", "phrases", "forms",
    "pillars", "score", "calendar", "regimes", "burden", "counting",
}  # fmt: skip


def nothing(pack: str) -> formulas.Elements:
    return {}


def read(path: Path, published: Callable[[str], formulas.Elements] = nothing) -> PackContent:
    """`path` is the pack's folder (or its pack.yaml). `published` gives, for the pack's code, the elements
    of other packs that its formulas may use. Refusal "pack.invalid": every problem with file and line."""
    folder = path.parent if path.name == MAIN else path
    problems = Problems()
    main = files.read(folder / MAIN, problems)
    problems.raise_if_any()
    content = PackContent()
    head = Fields(main.get("pack"), "pack", problems, main.at("pack"))
    head.known({"code", "owner", "parts", "on"})
    content.code, content.owner = head.text("code", longest=40), head.unit("owner")
    content.on = head.day("on")
    sources = [main]
    for part in head.entries("parts"):
        if not isinstance(part, str) or Path(part).name != part:
            head.problem("parts", _("«%(part)s» không phải tên tệp trong thư mục gói") % {"part": part})
        else:
            sources.append(files.read(folder / part, problems))
    _Assembly(sources, content, problems, published(content.code)).run()
    problems.raise_if_any()
    return content


class _Assembly:
    def __init__(
        self, sources: list[Map], content: PackContent, problems: Problems, published: formulas.Elements
    ) -> None:
        self.sources, self.content, self.problems, self.published = sources, content, problems, published

    def sections(self, name: str) -> Iterator[Fields]:
        for source in self.sources:
            if name in source:
                yield Fields(source[name], name, self.problems, source.at(name))

    def run(self) -> None:
        for source in self.sources:
            Fields(source, source.file, self.problems, source.at()).known(SECTIONS)
        content = self.content
        for section in self.sections("counting_units"):
            elements.units(section, content)
        adding = {
            name: adds
            for section in self.sections("measures")
            for name, adds in elements.measures(section).items()
        }
        for section in self.sections("elements"):
            elements.elements(section, adding, content)
        known: formulas.Elements = ChainMap(content.elements, dict(self.published))  # type: ignore[arg-type]
        named = self.named()
        for section in self.sections("indicators"):
            indicators.indicators(section, known, named, content)
        words = {
            name: found
            for section in self.sections("phrases")
            for name, found in forms.phrases(section).items()
        }
        common = {
            name: found
            for section in self.sections("regimes")
            for name, found in regimes.shared(section).items()
        }
        for section in self.sections("forms"):
            forms.forms(section, known, words, common, content)
        for section in self.sections("burden"):
            policies.burden(section, content)
        for section in self.sections("counting"):
            policies.counting(section, content)
        self.policy()
        for section in self.sections("calendar"):
            policies.calendar(section, content)
        self.check_pillars()
        self.check_collecting(known)

    def named(self) -> dict[str, str]:
        return {
            str(name): section.text(name) for section in self.sections("formulas") for name in section.source
        }

    def policy(self) -> None:
        pillars = [
            Fields(one, f"pillars {index}", self.problems, source.at("pillars"))
            for source in self.sources
            if isinstance(source.get("pillars"), list)
            for index, one in enumerate(source["pillars"], start=1)
        ]
        for section in self.sections("score"):
            policies.score(section, pillars, self.content)

    def check_pillars(self) -> None:
        policy = self.content.policy
        if policy is None:
            return
        codes = {one["code"] for one in policy["pillars"]}
        for one in self.content.indicators.values():
            if one.spec["pillar"] not in codes:
                what = _("%(code)s: không có nhóm «%(pillar)s»")
                self.problems.add(one.place, what % {"code": one.code, "pillar": one.spec["pillar"]})

    def check_collecting(self, known: formulas.Elements) -> None:
        """Ask once: an element has one collecting form per period type, and every indicator can be fed."""
        collecting: dict[tuple[str, str], str] = {}
        for form in self.content.forms.values():
            for section in form.spec["sections"]:
                for cell in section["cells"]:
                    key = (cell["element"], form.spec["kind"])
                    first = collecting.setdefault(key, form.code)
                    if first != form.code:
                        what = _("%(form)s hỏi lại «%(element)s» mà %(first)s đã hỏi")
                        self.problems.add(
                            form.place, what % {"form": form.code, "element": key[0], "first": first}
                        )
        if collecting:
            self.check_fed(collecting, known)

    def check_fed(self, collecting: Mapping[tuple[str, str], str], known: formulas.Elements) -> None:
        for one in self.content.indicators.values():
            for text in (one.spec["numerator"], one.spec["denominator"]):
                for element in formulas.parse(text, known).elements if text else ():
                    counted = getattr(known[element], "derived", None) is not None
                    if not counted and (element, one.spec["period_kind"]) not in collecting:
                        what = _("%(code)s: không mẫu nào thu «%(element)s» theo kỳ %(kind)s")
                        self.problems.add(
                            one.place,
                            what % {"code": one.code, "element": element, "kind": one.spec["period_kind"]},
                        )

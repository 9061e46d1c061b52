"""What is wrong with the page on the screen: for a reader who cannot see, on a phone, in another language."""

import re
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from haicap.config.translations import catalogues

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE, NARROW = 1440, 360, 320
# half of the time goes into comparing colours, which are the same in every language
VIOLATIONS = """(colours) => axe.run(document, {
  resultTypes: ['violations'], preload: false, rules: { 'color-contrast': { enabled: colours } }
}).then((r) => r.violations)"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Names of units and people and what people typed stay Vietnamese; words of ours do not
NAMES = frozenset({"Lãnh đạo tỉnh", "Văn phòng tỉnh", "Chuyên viên phân tích"})
TEXTS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent.closest('script, style, template, svg, [lang=vi]')) found.push(walk.currentNode.data);
  }
  for (const name of ['aria-label', 'title', 'alt', 'placeholder'])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (!one.closest('[lang=vi]')) found.push(one.getAttribute(name));
  return found;
}"""


def problems(page: Page, name: str, lang: str) -> list[str]:
    """One line per problem, at three widths; empty when all is well."""
    # a click ends when the answer begins: on a slow machine its page is still empty
    page.wait_for_load_state()
    found = [f"{name} {lang}: «{words}» is still Vietnamese" for words in vietnamese(page, lang)]
    for width in (WIDE, PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 900 if width == WIDE else 740})
        over = page.evaluate(SIDEWAYS)
        if over > 0:
            found.append(f"{name} {lang} {width}: {over} px too wide")
        # one page has one structure whatever its language; the words make it longer, on a phone first of all
        if width == PHONE or (width == WIDE and lang == "vi"):
            found += [f"{name} {lang} {width}: {one}" for one in axe(page, lang == "vi")]
    page.set_viewport_size({"width": WIDE, "height": 900})
    return found


def axe(page: Page, colours: bool = True) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe())
    return [
        f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:160]}"
        for one in page.evaluate(VIOLATIONS, colours)
    ]


def vietnamese(page: Page, lang: str) -> list[str]:
    """Msgids that stand on a page of another language."""
    if lang == "vi":
        return []
    shown = {" ".join(text.split()) for text in page.evaluate(TEXTS)}
    return sorted(shown & _msgids(lang) - NAMES)


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


@cache
def _msgids(lang: str) -> frozenset[str]:
    """Vietnamese words of ours that have another form in that language."""
    marked = re.compile(r"[À-ỹ]")
    return frozenset(
        str(message.id)
        for room in catalogues.rooms()
        if catalogues.po_path(room, lang).exists()
        for message in catalogues.load(catalogues.po_path(room, lang), lang)
        if message.id and message.string != message.id and marked.search(str(message.id))
    )

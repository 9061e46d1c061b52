"""The catalogues of the rooms: what is missing, empty, doubtful, left over or broken."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from haicap.config.translations.extract import Message, of_room

ROOMS = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "bn")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|(?<!%)%[sd]|\{(\w*)(?:[!:][^{}]*)?\}")


def rooms(root: Path = ROOMS) -> list[Path]:
    return sorted(path for path in root.iterdir() if (path / "__init__.py").exists())


def po_path(room: Path, language: str) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def load(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def entries(catalogue: Catalog) -> dict[Message, tuple[tuple[str, ...], bool]]:
    """message -> (its translations, is it marked as doubtful)"""
    found = {}
    for entry in catalogue:
        if not entry.id:
            continue
        ids = entry.id if isinstance(entry.id, tuple | list) else (entry.id, "")
        strings = entry.string if isinstance(entry.string, tuple | list) else (entry.string or "",)
        key = Message(ids[0], ids[1], entry.context or "")
        found[key] = (tuple(text or "" for text in strings), entry.fuzzy)
    return found


def problems(root: Path = ROOMS) -> Iterator[str]:
    said: dict[tuple[str, Message], dict[tuple[str, ...], str]] = defaultdict(dict)
    for room in rooms(root):
        uses = list(of_room(room))
        yield from (f"{use.place}: {use.problem}" for use in uses if use.problem)
        used = {use.message: use.place for use in reversed(uses) if not use.problem}
        for language in LANGUAGES:
            path = po_path(room, language)
            if not used and not path.exists():
                continue
            if not path.exists():
                yield f"{room.name}/{language}: no catalogue, {len(used)} messages are used"
                continue
            yield from problems_of(f"{room.name}/{language}", load(path, language), used)
            for message, (texts, _fuzzy) in entries(load(path, language)).items():
                said[language, message][texts] = room.name
    # Django lays all catalogues into one: two rooms that disagree would show whichever comes first
    for (language, message), versions in said.items():
        if len(versions) > 1:
            told = "; ".join(f"{name}: {texts[0]!r}" for texts, name in sorted(versions.items()))
            yield f"{language}: {message.singular!r} is said in two ways ({told})"


def problems_of(name: str, catalogue: Catalog, used: dict[Message, str]) -> Iterator[str]:
    known = entries(catalogue)
    for message, place in used.items():
        if message not in known:
            yield f"{name}: missing {message.singular!r} (used at {place})"
    for message, (texts, fuzzy) in known.items():
        if message not in used:
            yield f"{name}: left over {message.singular!r}"
        elif fuzzy:
            yield f"{name}: marked as doubtful {message.singular!r}"
        elif not all(texts):
            yield f"{name}: empty {message.singular!r}"
        else:
            yield from broken(name, message, texts)
    yield from (f"{name}: left over {key!r}" for key in catalogue.obsolete)


def broken(name: str, message: Message, texts: tuple[str, ...]) -> Iterator[str]:
    allowed = placeholders(message.singular) | placeholders(message.plural)
    for text in texts:
        lost, added = allowed - placeholders(text), placeholders(text) - allowed
        # a plural form for one may say the number in words
        if added or (lost and not message.plural):
            yield f"{name}: placeholders of {message.singular!r} differ: {sorted(lost | added)}"


def placeholders(text: str) -> set[str]:
    return {found.group() for found in PLACEHOLDER.finditer(text.replace("%%", ""))}


def compile_all(root: Path = ROOMS) -> int:
    """Write the compiled catalogues that are older than their text; returns how many were written."""
    written = 0
    for source in sorted(root.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        catalogue = load(source, source.parent.parent.name)
        part = target.with_suffix(".part")
        with part.open("wb") as file:
            write_mo(file, catalogue)
        part.replace(target)
        written += 1
    return written


def missing(room: Path, language: str) -> Iterator[tuple[Message, str]]:
    path = po_path(room, language)
    known = entries(load(path, language)) if path.exists() else {}
    seen: set[Message] = set()
    for use in of_room(room):
        if use.problem or use.message in known or use.message in seen:
            continue
        seen.add(use.message)
        yield use.message, use.place


def skeleton(message: Message, place: str) -> str:
    lines = [f"#: {place}"]
    if "%(" in message.singular:
        lines.append("#, python-format")
    if message.context:
        lines.append(f"msgctxt {quoted(message.context)}")
    lines.append(f"msgid {quoted(message.singular)}")
    if message.plural:
        lines += [f"msgid_plural {quoted(message.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'

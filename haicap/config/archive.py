"""The file of a backup: one tar whose first member lists the others with their checksums.

contents.json   format, product version, instant, database, migrations, {name: sha256}
database.*      the copy of the database
manifest.json   which snapshot of the facts was read (a record only: facts are built from the source)
secret.key      what signs sessions, unless it comes from the environment
files/…         attachments
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext as _

from haicap.core.errors import Refusal

CONTENTS = "contents.json"
FORMAT = 1


@dataclass(frozen=True)
class Contents:
    version: str
    made_at: str
    database: str
    migrations: list[str]
    sums: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def write(target: Path, contents: Contents, members: dict[str, Path]) -> None:
    """Write beside and rename: a backup that was cut short never looks like one."""
    beside = target.with_name(target.name + ".part")
    # it holds password hashes and the signing key
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        kind: Literal["w:gz", "w:"] = "w:gz" if target.suffix in {".gz", ".tgz"} else "w:"
        with tarfile.open(fileobj=file, mode=kind) as tar:
            listed = json.dumps(asdict(contents), indent=1).encode()
            first = tarfile.TarInfo(CONTENTS)
            first.size = len(listed)
            tar.addfile(first, io.BytesIO(listed))
            for name, path in members.items():
                tar.add(path, arcname=name, recursive=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def unpack(source: Path, workshop: Path) -> Contents:
    """Unpack into `workshop` and check every sum. Refusals restore.missing, restore.form, restore.sums."""
    try:
        with tarfile.open(source) as tar:
            contents = read_contents(tar)
            for member in tar:
                take(tar, member, workshop, contents.sums)
    except FileNotFoundError as error:
        raise Refusal("restore.missing", _("Không có tệp %(path)s.") % {"path": source}) from error
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        text = _("Tệp này không phải bản sao lưu của Haicap, hoặc bị cắt ngắn: %(why)s")
        raise Refusal("restore.form", text % {"why": error}) from error
    lost = sorted(set(contents.sums) - {name for name, _path in files_below(workshop)})
    if lost:
        raise Refusal("restore.sums", _("Bản sao lưu thiếu tệp: %(names)s") % {"names": ", ".join(lost)})
    return contents


def read_contents(tar: tarfile.TarFile) -> Contents:
    first = tar.next()
    file = tar.extractfile(first) if first and first.name == CONTENTS else None
    if file is None:
        raise ValueError(CONTENTS)
    contents = Contents(**json.load(file))
    if contents.format != FORMAT:
        raise ValueError(f"format {contents.format}")
    return contents


def take(tar: tarfile.TarFile, member: tarfile.TarInfo, workshop: Path, sums: dict[str, str]) -> None:
    """Only plain files that are listed, only inside the workshop."""
    if member.name == CONTENTS:
        return
    target = (workshop / member.name).resolve()
    listed = member.name in sums and member.isfile() and target.is_relative_to(workshop.resolve())
    file = tar.extractfile(member) if listed else None
    if file is None:
        raise ValueError(member.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        while block := file.read(1 << 20):
            out.write(block)
    if checksum(target) != sums[member.name]:
        text = _("Bản sao lưu bị hỏng: tổng kiểm của %(name)s không khớp.")
        raise Refusal("restore.sums", text % {"name": member.name})


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

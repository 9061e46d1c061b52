"""Backup and restore of one installation: the database, attachments and the signing key in one file."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from haicap.audit.actions import record
from haicap.config import archive, dumps
from haicap.config.archive import Contents
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.routines.worker import alone
from haicap.warehouse.refresh import refresh

BY = "system:console"
KEY, MANIFEST, FILES = "secret.key", "manifest.json", "files"


@dataclass(frozen=True)
class Result:
    made_at: str
    bytes: int
    files: int


def backup(target: Path, *, force: bool = False) -> Result:
    """Write everything to `target` (.tar, .tar.gz) while in use. Refusals backup.exists, backup.folder."""
    if target.exists() and not force:
        raise Refusal("backup.exists", _("Đã có tệp %(path)s; thêm --force để ghi đè.") % {"path": target})
    if not target.parent.is_dir():
        raise Refusal("backup.folder", _("Không có thư mục %(path)s.") % {"path": target.parent})
    with tempfile.TemporaryDirectory(prefix=".haicap-backup-", dir=target.parent) as folder:
        copy = Path(folder) / dumps.name()
        dumps.dump(copy)
        members = {dumps.name(): copy, **kept_files()}
        sums = {name: archive.checksum(path) for name, path in members.items()}
        contents = Contents(product(), clock.now().isoformat(), connection.vendor, applied(), sums)
        archive.write(target, contents, members)
    return Result(contents.made_at, target.stat().st_size, len(members))


def kept_files() -> dict[str, Path]:
    data = Path(settings.DATA_DIR)
    found = {KEY: data / KEY, MANIFEST: Path(settings.WAREHOUSE_DIR) / MANIFEST}
    attached = {f"{FILES}/{name}": path for name, path in archive.files_below(data / FILES)}
    return {name: path for name, path in found.items() if path.is_file()} | attached


def restore(source: Path, *, force: bool = False) -> Result:
    """Check the whole file, then replace database and files by it and build the facts again.

    Refusals restore.missing, restore.form, restore.sums, restore.database, restore.other_database,
    restore.newer, restore.not_empty (without `force`), worker.running.
    """
    data = Path(settings.DATA_DIR)
    data.mkdir(parents=True, exist_ok=True)
    with alone(), tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as folder:
        workshop = Path(folder)
        contents = archive.unpack(source, workshop)
        check(contents, workshop / dumps.name())
        if not force and not is_empty():
            text = _("Ở đây đã có số liệu; thêm --force để thay bằng bản sao lưu lúc %(at)s.")
            raise Refusal("restore.not_empty", text % {"at": contents.made_at})
        dumps.put_back(workshop / dumps.name(), workshop)
        put_back_files(workshop, data)
        call_command("migrate", interactive=False, verbosity=0)
        with transaction.atomic():
            record(by=BY, action="restored", object="database", detail={"made_at": contents.made_at})
        shutil.rmtree(settings.WAREHOUSE_DIR, ignore_errors=True)
        refresh(everything=True)
    return Result(contents.made_at, source.stat().st_size, len(contents.sums))


def check(contents: Contents, copy: Path) -> None:
    if contents.database != connection.vendor:
        text = _("Bản sao lưu là của %(theirs)s, còn ở đây là %(ours)s.")
        words = text % {"theirs": contents.database, "ours": connection.vendor}
        raise Refusal("restore.other_database", words)
    unknown = set(contents.migrations) - known()
    if unknown:
        text = _("Bản sao lưu là của phiên bản mới hơn (%(version)s); hãy cài phiên bản đó trước.")
        raise Refusal("restore.newer", text % {"version": contents.version})
    dumps.check(copy)


def put_back_files(workshop: Path, data: Path) -> None:
    if (workshop / KEY).exists():
        os.chmod(workshop / KEY, 0o600)
        (workshop / KEY).replace(data / KEY)
    if (workshop / FILES).exists():
        shutil.rmtree(data / FILES, ignore_errors=True)
        (workshop / FILES).rename(data / FILES)


def is_empty() -> bool:
    return not connection.introspection.table_names()


def known() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def applied() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)


def product() -> str:
    try:
        return version("haicap")
    except PackageNotFoundError:
        return "source"

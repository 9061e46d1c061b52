"""Questions on a Spark cluster, over the lake that `HAICAP_LAKE` points to: one directory, one snapshot.

The lake is made by `lake.write`, here by the worker (`routines/laking.py`). Every machine of the cluster must
see it under the same path or address.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlglot
from django.conf import settings
from django.utils.translation import gettext as _

from haicap.core.errors import Refusal
from haicap.warehouse import manifest as manifests
from haicap.warehouse.manifest import Manifest
from haicap.warehouse.notebook import CURRENT
from haicap.warehouse.tables import TABLES, Table

from . import cluster
from .dialects import SparkQuestion

log = logging.getLogger("haicap.warehouse")
# A page that began with an older lake may still ask it; what is older than these is forgotten.
VIEWS_KEPT = 4
UNREADABLE = "warehouse.unavailable"
_KINDS = {"INTEGER": "INT", "VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}


@dataclass(frozen=True)
class Lake:
    """`place` is the address of the directory, as the cluster sees it."""

    place: str
    manifest: Manifest


def current() -> Lake:
    """The lake to read now. An address with a scheme (s3a://…) names the directory of a snapshot, a path the
    folder of `haicap warehouse export` or one snapshot in it.

    Refusal "lake.none" where there is none, or one without all tables in Parquet.
    """
    if not settings.LAKE:
        raise _none()
    if "://" in settings.LAKE:
        return _far(settings.ENGINE, settings.LAKE.rstrip("/"))
    folder = Path(settings.LAKE)
    here = folder / CURRENT if (folder / CURRENT).exists() else folder
    return _near(here.resolve())


@lru_cache(maxsize=VIEWS_KEPT)
def _near(path: Path) -> Lake:
    # never changed once it has its name, so it is read once
    try:
        manifest = manifests.read(path)
    except ValueError as error:
        raise _none() from error
    if manifest is None:
        raise _none()
    return Lake(path.as_uri(), manifest)


@lru_cache(maxsize=VIEWS_KEPT)
def _far(engine: str, place: str) -> Lake:
    reader = cluster.driver(engine).session.read
    try:
        ((text,),) = reader.text(f"{place}/{manifests.NAME}", wholetext=True).collect()
        return Lake(place, manifests.parse(text))
    except Exception as error:
        raise _none() from error


def _none() -> Refusal:
    message = _("Không có hồ dữ liệu ở %(lake)s (haicap warehouse export lập ra: Parquet, đủ các bảng).")
    return Refusal("lake.none", message % {"lake": settings.LAKE or "HAICAP_LAKE"})


def ask(
    question: SparkQuestion,
    parameters: Mapping[str, Any],
    years: Sequence[int] | None,
    lake: Lake,
    *,
    held: bool,
) -> list[tuple[Any, ...]]:
    """Rows of one question; `held`: others were asked of this lake, so no other may answer.

    Refusals "warehouse.moved" when it was taken away meanwhile, "warehouse.unavailable" when files of the
    lake cannot be read, "engine.away", "engine.missing" and "engine.busy" when the cluster does not answer.
    """
    named = _texts(question, parameters)
    driver = cluster.driver(settings.ENGINE)
    try:
        return _rows(driver, question, named, years, lake)
    except Exception as error:
        if _is_mistake(error):
            raise
        refusal = _refusal(driver, error)
        if refusal.code == UNREADABLE and (newer := current()).place != lake.place:
            if held:
                raise _moved() from error
            return _rows(driver, question, named, years, newer)
        log.warning("the cluster did not answer: %s", type(error).__name__)
        raise refusal from error


def _rows(
    driver: cluster.Driver,
    question: SparkQuestion,
    named: Mapping[str, str],
    years: Sequence[int] | None,
    lake: Lake,
) -> list[tuple[Any, ...]]:
    sql = question.sql
    for name in question.tables:
        sql = sql.replace(f"{{{name}}}", _relation(driver, TABLES[name], years, lake))
    with cluster.limited(driver, cluster.LONGEST_QUESTION):
        return [tuple(row) for row in driver.session.sql(sql, args=dict(named)).collect()]


def _relation(driver: cluster.Driver, table: Table, years: Sequence[int] | None, lake: Lake) -> str:
    held = {entry.year for entry in lake.manifest.files if entry.table == table.name}
    wanted = held if years is None else held & set(years)
    if not wanted:
        return sqlglot.transpile(table.nothing, read="duckdb", write="spark")[0]
    columns = ", ".join(f"`{name}`" for name in table.names)
    listed = ", ".join(str(year) for year in sorted(wanted))
    return f"(SELECT {columns} FROM {_view(driver, table, lake)} WHERE `year` IN ({listed}))"


def _view(driver: cluster.Driver, table: Table, lake: Lake) -> str:
    """The name under which the session knows this table of this lake: its files are listed once."""
    name = f"lake_{sha256(lake.place.encode()).hexdigest()[:16]}_{table.name}"
    known = driver.views.setdefault(lake.place, [])
    if name not in known:
        kinds = [f"`{column}` {_KINDS.get(kind, kind)}" for column, kind in table.columns]
        reader = driver.session.read.schema(", ".join([*kinds, "`year` INT"]))
        reader.parquet(f"{lake.place}/{table.name}").createOrReplaceTempView(name)
        known.append(name)
        _forget(driver)
    return name


def _forget(driver: cluster.Driver) -> None:
    for place in list(driver.views)[:-VIEWS_KEPT]:
        for name in driver.views.pop(place, ()):
            driver.session.catalog.dropTempView(name)


def _texts(question: SparkQuestion, parameters: Mapping[str, Any]) -> dict[str, str]:
    """Every parameter as a text, which the SQL casts: Python's own kinds would be guessed at."""
    named = {name: _text(value) for name, value in parameters.items() if not isinstance(value, list)}
    for name in question.lists:
        named[name] = json.dumps([_plain(value) for value in parameters[name]])
    for name, columns in question.relations.items():
        rows = zip(*(parameters[column] for column in columns), strict=True)
        named[name] = json.dumps(
            [dict(zip(columns, map(_plain, row), strict=True)) for row in rows], ensure_ascii=False
        )
    return named


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> int | str:
    return int(value) if isinstance(value, int) else str(value)


def _is_mistake(error: Exception) -> bool:
    """Of the question or of this code, not of the cluster or the files."""
    errors, gateway = import_module("pyspark.errors"), import_module("py4j.protocol")
    if isinstance(error, errors.AnalysisException):
        return str(error.getCondition()) != "PATH_NOT_FOUND"
    return not isinstance(error, errors.PySparkException | gateway.Py4JError | OSError)


def _moved() -> Refusal:
    return Refusal("warehouse.moved", _("Số liệu vừa được thay bằng bản mới. Xin tải lại trang."))


def _refusal(driver: cluster.Driver, error: Exception) -> Refusal:
    if cluster.is_stopped(driver):
        return Refusal("engine.away", _("Cụm máy tính toán không trả lời. Xin thử lại sau ít phút."))
    if "cancelled" in str(error):
        return Refusal("engine.busy", _("Cụm máy tính toán đang bận. Xin thử lại sau ít phút."))
    message = _("Kho số liệu đang được phục hồi. Xin thử lại sau ít phút.")
    return Refusal(UNREADABLE, message)

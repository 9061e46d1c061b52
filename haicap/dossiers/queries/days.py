"""Instants as local days and hours inside the database: the one place that knows which database it is.

Django's own truncation calls back into Python for every row on SQLite; a month of a province has 80,000 rows.
Vietnam has had the same offset since 1975.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, DateField, Func, IntegerField

POSTGRESQL = "%(expressions)s AT TIME ZONE 'Asia/Ho_Chi_Minh'"


class LocalDay(Func):
    """The date on the wall in Vietnam of a UTC instant."""

    template = "date(%(expressions)s, '+7 hours')"
    output_field = DateField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"({POSTGRESQL})::date", **extra)


class LocalHour(Func):
    """The hour on the wall in Vietnam, 0 … 23, of a UTC instant."""

    template = "CAST(strftime('%%%%H', %(expressions)s, '+7 hours') AS integer)"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"EXTRACT(hour FROM {POSTGRESQL})::integer"
        return self.as_sql(compiler, connection, template=template, **extra)


class LocalTime(Func):
    """The time on the wall in Vietnam of a UTC instant; MIDNIGHT where the source knew only a day."""

    template = "strftime('%%%%H:%%%%M:%%%%S', %(expressions)s, '+7 hours')"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"to_char({POSTGRESQL}, 'HH24:MI:SS')"
        return self.as_sql(compiler, connection, template=template, **extra)


MIDNIGHT = "00:00:00"

"""Logs are read by people who may not see the data: addresses lose their query, records their request."""

import logging
import re
from typing import Any

QUERY = re.compile(r"\?[^\s\"']+")


class WithoutPersons(logging.Filter):
    """Django hangs the request on its records and writes full addresses; words and keys live in both."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = QUERY.sub("?…", record.getMessage())
        record.args = ()
        for name in ("request", "status_code"):
            record.__dict__.pop(name, None)
        return True


class WithoutValues(logging.Formatter):
    """A database explains its errors with the row at fault; the row stays out of the log."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name is logging's)
        lines = super().formatException(ei).splitlines()
        return "\n".join("DETAIL:  …" if line.lstrip().startswith("DETAIL:") else line for line in lines)

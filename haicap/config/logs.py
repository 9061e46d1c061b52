"""Logs are read by people who may not see the data: addresses lose their query, records their request."""

import logging
import re

QUERY = re.compile(r"\?[^\s\"']+")


class WithoutPersons(logging.Filter):
    """Django hangs the request on its records and writes full addresses; words and keys live in both."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = QUERY.sub("?…", record.getMessage())
        record.args = ()
        for name in ("request", "status_code"):
            record.__dict__.pop(name, None)
        return True

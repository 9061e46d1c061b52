"""Is there demo data in this database? The data says so itself, whatever the environment says."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from haicap.accounts import queries as accounts
from haicap.audit import queries as audit
from haicap.core.errors import Refusal

BY = "system:demo"
# A demo is made in the command line while the product runs; asked again so often while there is none.
AGAIN_SECONDS = 30.0


@dataclass
class _Memory:
    found: bool = False
    until: float = 0.0


_memory = _Memory()


def is_demo() -> bool:
    """The log knows who made the data. At most one query in half a minute, none once it is known."""
    if not _memory.found and time.monotonic() >= _memory.until:
        _memory.found = bool(audit.done_by(BY, 1))
        _memory.until = time.monotonic() + AGAIN_SECONDS
    return _memory.found


def forget(until: float = 0.0) -> None:
    """Ask again, at once or not before `until` (seconds of the monotonic clock)."""
    _memory.found, _memory.until = False, until


def check_may_build() -> None:
    """Refusal demo.real where people work already: invented figures would stand among theirs."""
    if accounts.anybody() and not audit.done_by(BY, 1):
        raise Refusal(
            "demo.real",
            gettext_lazy(
                "Thư mục dữ liệu này đã có tài khoản thật nên không tạo dữ liệu minh họa. "
                "Hãy dùng một thư mục riêng: HAICAP_DATA_DIR."
            ),
        )


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the demo mark follows the data."""
    return {"demo_data": settings.HAICAP_DEMO or is_demo()}

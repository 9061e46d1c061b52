"""The work of every minute, in this order."""

from collections.abc import Callable
from datetime import datetime

ORDER: tuple[Callable[[datetime], object], ...] = ()

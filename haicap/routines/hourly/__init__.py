"""The work of every hour, in this order."""

from collections.abc import Callable
from datetime import datetime

ORDER: tuple[Callable[[datetime], object], ...] = ()

"""Questions about reports. They take units, forms and periods, never a user or a request."""

from ..policies.timing import Timeliness, on_time, timeliness
from ..states import Act, State
from .boards import (
    BoardRow,
    LateRow,
    Progress,
    UnitRow,
    board,
    form_and_period,
    form_board,
    late,
    open_forms,
    progress,
)
from .declared import DeclaredRow, declared
from .detail import CellDetail, ReportDetail, SectionDetail, SentBack, detail, report_id
from .expected import expected
from .history import ChangeRow, changes, hands, value_history

__all__ = [
    "Act",
    "BoardRow",
    "CellDetail",
    "ChangeRow",
    "DeclaredRow",
    "LateRow",
    "Progress",
    "ReportDetail",
    "SectionDetail",
    "SentBack",
    "State",
    "Timeliness",
    "UnitRow",
    "board",
    "changes",
    "declared",
    "detail",
    "expected",
    "form_and_period",
    "form_board",
    "hands",
    "late",
    "on_time",
    "open_forms",
    "progress",
    "report_id",
    "timeliness",
    "value_history",
]

"""Every write of this room: keyword-only, one transaction, one audit event that carries the changed slices.

An answer is given after the commit, so whatever was acknowledged survives a kill of the process.
"""

from haicap.audit.slices import Slice

from .declaring import DeclaredFigure, DeclareResult, declare
from .deriving import DerivedFigure, DeriveResult, counted_from, note_counting, record_derived
from .disputing import dispute, lift, refuse, uphold
from .importing import bulk_import
from .importrows import ImportedCell, ImportedReport, ImportedReturn, ImportedStep, ImportResult, Signed
from .intake import take_in
from .intakerows import CellPreview, Datum, Held, IntakeResult, Rejection, Strategy
from .locking import lock_due
from .opening import open_closed_periods, open_period, open_report
from .reminding import remind_due
from .saving import CellChange, CellResult, CellStatus, SaveResult, explain, save_cells
from .spreads import learn_spreads
from .workflow import Outcome, accept, hand_back, lock, reopen, return_report, say_ready, submit

__all__ = [
    "CellChange",
    "CellPreview",
    "CellResult",
    "CellStatus",
    "Datum",
    "DeclareResult",
    "DeclaredFigure",
    "DeriveResult",
    "DerivedFigure",
    "Held",
    "ImportResult",
    "ImportedCell",
    "ImportedReport",
    "ImportedReturn",
    "ImportedStep",
    "IntakeResult",
    "Outcome",
    "Rejection",
    "SaveResult",
    "Signed",
    "Slice",
    "Strategy",
    "accept",
    "bulk_import",
    "counted_from",
    "declare",
    "dispute",
    "explain",
    "hand_back",
    "learn_spreads",
    "lift",
    "lock",
    "lock_due",
    "note_counting",
    "open_closed_periods",
    "open_period",
    "open_report",
    "record_derived",
    "refuse",
    "remind_due",
    "reopen",
    "return_report",
    "save_cells",
    "say_ready",
    "submit",
    "take_in",
    "uphold",
]

"""Does a cell show what the system counted, or what somebody typed?"""

from ..states import FACTS, State


def stands(number: object, frozen_by: int | None, report: int | None, state: State) -> bool:
    """Until a report is sent its cells show what is counted now; afterwards only what was sent with it. A
    figure that was counted later than the report was sent does not change what was signed."""
    if number is None:
        return False
    return frozen_by == report if report is not None and state in FACTS else True

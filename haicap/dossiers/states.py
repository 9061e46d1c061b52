"""The states of a dossier and of an import, as tables, and the words the room uses for its columns."""

from enum import IntEnum, StrEnum

from django.utils.translation import gettext_lazy

# How slices of this room are named; the period of a slice is the calendar month of receipt.
ROOM = FORM = "dossiers"


class Status(IntEnum):
    """Where a dossier stands, in the ten steps that the portals count with."""

    NEW = 1
    RECEIVED = 2
    REFUSED = 3
    IN_WORK = 4
    MORE_PAPERS = 5
    FEE = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10


STATUS_LABELS = {
    Status.NEW: gettext_lazy("Mới nộp"),
    Status.RECEIVED: gettext_lazy("Đã tiếp nhận"),
    Status.REFUSED: gettext_lazy("Không tiếp nhận"),
    Status.IN_WORK: gettext_lazy("Đang xử lý"),
    Status.MORE_PAPERS: gettext_lazy("Chờ bổ sung giấy tờ"),
    Status.FEE: gettext_lazy("Chờ nghĩa vụ tài chính"),
    Status.WITHDRAWN: gettext_lazy("Người dân rút hồ sơ"),
    Status.STOPPED: gettext_lazy("Dừng xử lý"),
    Status.DONE: gettext_lazy("Đã xử lý xong"),
    Status.RETURNED: gettext_lazy("Đã trả kết quả"),
}
# Nobody owes these an answer: they are neither overdue nor in the denominator of the on-time rate.
CLOSED_WITHOUT_RESULT = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED})
FINISHED = frozenset({Status.DONE, Status.RETURNED})


class Channel(IntEnum):
    IN_PERSON = 1
    ONLINE = 2
    POST = 3


CHANNEL_LABELS = {
    Channel.IN_PERSON: gettext_lazy("Trực tiếp"),
    Channel.ONLINE: gettext_lazy("Trực tuyến"),
    Channel.POST: gettext_lazy("Bưu chính công ích"),
}


class ServiceLevel(StrEnum):
    """How much of a procedure can be done online: all of it, a part, or reading about it."""

    FULL = "full"
    PART = "part"
    INFO = "info"


LEVEL_LABELS = {
    ServiceLevel.FULL: gettext_lazy("Toàn trình"),
    ServiceLevel.PART: gettext_lazy("Một phần"),
    ServiceLevel.INFO: gettext_lazy("Cung cấp thông tin"),
}


class Submitter(StrEnum):
    """Who handed the dossier in; three honourable classes, "" where the source does not say."""

    SELF = "self"
    HELPED = "helped"
    BEHALF = "behalf"


SUBMITTER_LABELS = {
    Submitter.SELF: gettext_lazy("Người dân tự nộp"),
    Submitter.HELPED: gettext_lazy("Được hướng dẫn nộp"),
    Submitter.BEHALF: gettext_lazy("Nộp thay"),
}


class Holder(StrEnum):
    """In whose hands a dossier lies: this decides whose time it costs."""

    UNIT = "unit"
    OTHER = "other"
    CITIZEN = "citizen"
    SYNC = "sync"


HOLDER_LABELS = {
    Holder.UNIT: gettext_lazy("Đơn vị giải quyết"),
    Holder.OTHER: gettext_lazy("Cơ quan khác"),
    Holder.CITIZEN: gettext_lazy("Người nộp"),
    Holder.SYNC: gettext_lazy("Đồng bộ dữ liệu"),
}
# Whose hands each status means, where a source gives status times and no holder.
HOLDER_OF = {
    Status.NEW: Holder.UNIT,
    Status.RECEIVED: Holder.UNIT,
    Status.REFUSED: Holder.UNIT,
    Status.IN_WORK: Holder.UNIT,
    Status.MORE_PAPERS: Holder.CITIZEN,
    Status.FEE: Holder.CITIZEN,
    Status.WITHDRAWN: Holder.CITIZEN,
    Status.STOPPED: Holder.UNIT,
    Status.DONE: Holder.SYNC,
    Status.RETURNED: Holder.SYNC,
}


class ImportState(StrEnum):
    READING = "reading"
    ASKING = "asking"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    KILLED = "killed"


IMPORT_LABELS = {
    ImportState.READING: gettext_lazy("Đang đọc tệp"),
    ImportState.ASKING: gettext_lazy("Chờ trả lời"),
    ImportState.RUNNING: gettext_lazy("Đang nhập hồ sơ"),
    ImportState.DONE: gettext_lazy("Xong"),
    ImportState.FAILED: gettext_lazy("Không nhập được"),
    ImportState.KILLED: gettext_lazy("Đã dừng"),
}
# The worker goes on with these by itself after it was cut off.
UNDER_WAY = frozenset({ImportState.READING, ImportState.RUNNING})
STOPPABLE = frozenset({ImportState.READING, ImportState.ASKING, ImportState.RUNNING})
IMPORT_STEPS: dict[ImportState, frozenset[ImportState]] = {
    ImportState.READING: frozenset(
        {ImportState.ASKING, ImportState.RUNNING, ImportState.FAILED, ImportState.KILLED}
    ),
    ImportState.ASKING: frozenset({ImportState.RUNNING, ImportState.FAILED, ImportState.KILLED}),
    ImportState.RUNNING: frozenset({ImportState.DONE, ImportState.FAILED, ImportState.KILLED}),
    ImportState.DONE: frozenset(),
    ImportState.FAILED: frozenset(),
    ImportState.KILLED: frozenset(),
}

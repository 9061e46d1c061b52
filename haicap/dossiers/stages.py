"""The ways of a dispute and of a signal, as tables. A signal is a question: two different people decide about
it, nothing follows by itself, and nobody is ranked."""

from enum import StrEnum

from django.utils.translation import gettext_lazy


class DisputeState(StrEnum):
    RAISED = "raised"
    # the office agrees about many dossiers at once; the leader has to agree as well
    CONFIRMING = "confirming"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


DISPUTE_LABELS = {
    DisputeState.RAISED: gettext_lazy("Chờ tỉnh xem"),
    DisputeState.CONFIRMING: gettext_lazy("Chờ lãnh đạo tỉnh đồng ý"),
    DisputeState.ACCEPTED: gettext_lazy("Được chấp nhận"),
    DisputeState.REFUSED: gettext_lazy("Không được chấp nhận"),
    DisputeState.WITHDRAWN: gettext_lazy("Xã đã rút"),
}


class DisputeAct(StrEnum):
    RAISE = "raise"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    REFUSE = "refuse"
    CONFIRM = "confirm"
    OVERRULE = "overrule"


DISPUTE_STEPS = {
    (DisputeState.RAISED, DisputeAct.WITHDRAW): DisputeState.WITHDRAWN,
    (DisputeState.RAISED, DisputeAct.ACCEPT): DisputeState.ACCEPTED,
    (DisputeState.RAISED, DisputeAct.REFUSE): DisputeState.REFUSED,
    (DisputeState.CONFIRMING, DisputeAct.CONFIRM): DisputeState.ACCEPTED,
    (DisputeState.CONFIRMING, DisputeAct.OVERRULE): DisputeState.REFUSED,
}
# While one of these stands, its dossiers cannot be disputed again.
DISPUTE_LIVE = frozenset({DisputeState.RAISED, DisputeState.CONFIRMING, DisputeState.ACCEPTED})


class SignalKind(StrEnum):
    OFF_HOURS = "off_hours"
    BURST = "burst"
    STOPPED_CLOCK = "stopped_clock"
    BUNCHING = "bunching"
    LATE_EDITS = "late_edits"
    SHRINKING = "shrinking"


SIGNAL_NAMES = {
    SignalKind.OFF_HOURS: gettext_lazy("Nộp nhiều ngoài giờ làm việc"),
    SignalKind.BURST: gettext_lazy("Nộp dồn trong thời gian ngắn"),
    SignalKind.STOPPED_CLOCK: gettext_lazy("Dừng hồ sơ sát hạn rồi nộp lại"),
    SignalKind.BUNCHING: gettext_lazy("Xong dồn đúng ngày hạn"),
    SignalKind.LATE_EDITS: gettext_lazy("Sửa ngày xong sau khi kỳ đã khép"),
    SignalKind.SHRINKING: gettext_lazy("Mẫu số giảm, tỷ lệ tăng"),
}


class SignalState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    WEIGHED = "weighed"
    CLOSED = "closed"


SIGNAL_LABELS = {
    SignalState.ASKED: gettext_lazy("Chờ xã trả lời"),
    SignalState.ANSWERED: gettext_lazy("Chờ ý kiến của tỉnh"),
    SignalState.WEIGHED: gettext_lazy("Chờ người thứ hai quyết định"),
    SignalState.CLOSED: gettext_lazy("Đã khép"),
}


class SignalAct(StrEnum):
    ANSWER = "answer"
    WEIGH = "weigh"
    AGREE = "agree"
    DISAGREE = "disagree"


SIGNAL_STEPS = {
    (SignalState.ASKED, SignalAct.ANSWER): SignalState.ANSWERED,
    (SignalState.ANSWERED, SignalAct.ANSWER): SignalState.ANSWERED,
    # only once the days for an answer have passed (policies/asking.py)
    (SignalState.ASKED, SignalAct.WEIGH): SignalState.WEIGHED,
    (SignalState.ANSWERED, SignalAct.WEIGH): SignalState.WEIGHED,
    (SignalState.WEIGHED, SignalAct.AGREE): SignalState.CLOSED,
    (SignalState.WEIGHED, SignalAct.DISAGREE): SignalState.ANSWERED,
}


class Outcome(StrEnum):
    """What a question ends with; none of them is a penalty."""

    EXPLAINED = "explained"
    MENDED = "mended"
    WATCHED = "watched"


OUTCOME_LABELS = {
    Outcome.EXPLAINED: gettext_lazy("Đã giải thích được"),
    Outcome.MENDED: gettext_lazy("Đơn vị đã sửa cách làm hoặc số liệu"),
    Outcome.WATCHED: gettext_lazy("Xem lại sau một kỳ nữa"),
}


class Innocent(StrEnum):
    """Harmless explanations that the question itself offers."""

    MOBILE_DAY = "mobile_day"
    SHARED_ACCOUNT = "shared_account"
    EVENING_HELP = "evening_help"
    OUTAGE = "outage"
    BATCH_SIGNING = "batch_signing"
    CITIZEN_WISH = "citizen_wish"
    WRONG_PROCEDURE = "wrong_procedure"
    LATE_SYNC = "late_sync"
    CORRECTION = "correction"
    REFORM = "reform"
    SEASON = "season"
    OTHER = "other"


INNOCENT_LABELS = {
    Innocent.MOBILE_DAY: gettext_lazy("Ngày tiếp nhận lưu động hoặc đợt tập trung chưa khai báo"),
    Innocent.SHARED_ACCOUNT: gettext_lazy("Tài khoản dùng chung của bộ phận một cửa, có người dân ngồi cạnh"),
    Innocent.EVENING_HELP: gettext_lazy("Hỗ trợ người dân vào buổi tối hoặc ngày nghỉ theo lịch của xã"),
    Innocent.OUTAGE: gettext_lazy("Hệ thống gián đoạn, việc dồn lại rồi làm bù"),
    Innocent.BATCH_SIGNING: gettext_lazy("Lãnh đạo ký duyệt theo lô vào một giờ cố định"),
    Innocent.CITIZEN_WISH: gettext_lazy("Người dân tự xin rút để bổ sung hoặc đổi nội dung"),
    Innocent.WRONG_PROCEDURE: gettext_lazy("Hồ sơ nộp nhầm thủ tục, được hướng dẫn nộp lại"),
    Innocent.LATE_SYNC: gettext_lazy("Hệ thống nguồn đồng bộ chậm, ngày xong thật được gửi sau"),
    Innocent.CORRECTION: gettext_lazy("Đính chính theo quy trình, có văn bản"),
    Innocent.REFORM: gettext_lazy("Thủ tục được bãi bỏ, phân cấp lại hoặc địa bàn thay đổi"),
    Innocent.SEASON: gettext_lazy("Số hồ sơ giảm theo mùa"),
    Innocent.OTHER: gettext_lazy("Lý do khác"),
}
OFFERED = {
    SignalKind.OFF_HOURS: (Innocent.EVENING_HELP, Innocent.SHARED_ACCOUNT, Innocent.MOBILE_DAY),
    SignalKind.BURST: (Innocent.MOBILE_DAY, Innocent.SHARED_ACCOUNT, Innocent.OUTAGE),
    SignalKind.STOPPED_CLOCK: (Innocent.CITIZEN_WISH, Innocent.WRONG_PROCEDURE, Innocent.REFORM),
    SignalKind.BUNCHING: (Innocent.BATCH_SIGNING, Innocent.OUTAGE, Innocent.LATE_SYNC),
    SignalKind.LATE_EDITS: (Innocent.LATE_SYNC, Innocent.CORRECTION, Innocent.OUTAGE),
    SignalKind.SHRINKING: (Innocent.SEASON, Innocent.REFORM, Innocent.OUTAGE),
}


class CircumstanceKind(StrEnum):
    """What explains a heap before anybody asks: declared, dated, and kept."""

    SESSION = "session"
    OUTAGE = "outage"


CIRCUMSTANCE_LABELS = {
    CircumstanceKind.SESSION: gettext_lazy("Đợt tiếp nhận tập trung, lưu động"),
    CircumstanceKind.OUTAGE: gettext_lazy("Hệ thống gián đoạn"),
}

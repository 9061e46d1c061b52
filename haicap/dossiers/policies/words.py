"""Words that sources use for the same thing, folded. A source's own table (its mapping) comes first."""

from collections.abc import Mapping

from haicap.core.folding import fold

from ..states import Channel, ServiceLevel, Status, Submitter

CHANNELS: dict[str, int] = {
    "truc tiep": Channel.IN_PERSON, "nop truc tiep": Channel.IN_PERSON, "tai quay": Channel.IN_PERSON,
    "bo phan mot cua": Channel.IN_PERSON, "in person": Channel.IN_PERSON, "counter": Channel.IN_PERSON,
    "truc tuyen": Channel.ONLINE, "nop truc tuyen": Channel.ONLINE, "online": Channel.ONLINE,
    "qua mang": Channel.ONLINE, "dvc": Channel.ONLINE, "cong dvc": Channel.ONLINE,
    "buu chinh": Channel.POST, "buu chinh cong ich": Channel.POST, "qua buu chinh": Channel.POST,
    "bccl": Channel.POST, "bcci": Channel.POST, "post": Channel.POST, "mail": Channel.POST,
}  # fmt: skip
LEVELS: dict[str, str] = {
    "toan trinh": ServiceLevel.FULL, "dvc toan trinh": ServiceLevel.FULL, "full": ServiceLevel.FULL,
    "muc 4": ServiceLevel.FULL, "muc do 4": ServiceLevel.FULL, "4": ServiceLevel.FULL,
    "mot phan": ServiceLevel.PART, "dvc mot phan": ServiceLevel.PART, "part": ServiceLevel.PART,
    "partial": ServiceLevel.PART, "muc 3": ServiceLevel.PART, "muc do 3": ServiceLevel.PART,
    "3": ServiceLevel.PART,
    "cung cap thong tin": ServiceLevel.INFO, "info": ServiceLevel.INFO, "thong tin": ServiceLevel.INFO,
    "con lai": ServiceLevel.INFO, "muc 2": ServiceLevel.INFO, "muc do 2": ServiceLevel.INFO,
    "2": ServiceLevel.INFO, "1": ServiceLevel.INFO,
}  # fmt: skip
STATUSES: dict[str, int] = {
    "moi nop": Status.NEW, "da tiep nhan": Status.RECEIVED, "khong tiep nhan": Status.REFUSED,
    "dang xu ly": Status.IN_WORK, "cho bo sung giay to": Status.MORE_PAPERS,
    "cho nghia vu tai chinh": Status.FEE, "nguoi dan rut ho so": Status.WITHDRAWN,
    "dung xu ly": Status.STOPPED, "da xu ly xong": Status.DONE, "da tra ket qua": Status.RETURNED,
    "cho tiep nhan": Status.NEW, "new": Status.NEW, "moi dang ky": Status.NEW,
    "duoc tiep nhan": Status.RECEIVED, "tiep nhan": Status.RECEIVED, "received": Status.RECEIVED,
    "tu choi": Status.REFUSED, "tu choi tiep nhan": Status.REFUSED, "refused": Status.REFUSED,
    "dang giai quyet": Status.IN_WORK, "in progress": Status.IN_WORK, "open": Status.IN_WORK,
    "pending": Status.IN_WORK, "cho bo sung": Status.MORE_PAPERS, "yeu cau bo sung": Status.MORE_PAPERS,
    "yeu cau bo sung giay to": Status.MORE_PAPERS, "cho thue": Status.FEE,
    "yeu cau thuc hien nghia vu tai chinh": Status.FEE, "rut ho so": Status.WITHDRAWN,
    "cong dan yeu cau rut ho so": Status.WITHDRAWN, "withdrawn": Status.WITHDRAWN,
    "stopped": Status.STOPPED, "da giai quyet": Status.DONE, "hoan thanh": Status.DONE,
    "da co ket qua": Status.DONE, "done": Status.DONE, "closed": Status.DONE,
    "da tra": Status.RETURNED, "tra ket qua": Status.RETURNED, "returned": Status.RETURNED,
}  # fmt: skip
SUBMITTERS: dict[str, str] = {
    "cong dan": Submitter.SELF, "tu nop": Submitter.SELF, "nguoi dan tu nop": Submitter.SELF,
    "self": Submitter.SELF, "citizen": Submitter.SELF, "to chuc": Submitter.SELF,
    "ho tro": Submitter.HELPED, "duoc ho tro": Submitter.HELPED, "duoc huong dan nop": Submitter.HELPED,
    "helped": Submitter.HELPED, "nop thay": Submitter.BEHALF, "nop ho": Submitter.BEHALF,
    "can bo nop thay": Submitter.BEHALF, "uy quyen": Submitter.BEHALF, "behalf": Submitter.BEHALF,
}  # fmt: skip
YES_NO: dict[str, int] = {
    "1": 1, "co": 1, "x": 1, "yes": 1, "y": 1, "true": 1, "da": 1, "dung": 1, "roi": 1,
    "0": 0, "khong": 0, "no": 0, "n": 0, "false": 0, "chua": 0, "sai": 0,
}  # fmt: skip
SATISFACTION: dict[str, int] = {
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "rat khong hai long": 1, "khong hai long": 2,
    "binh thuong": 3, "hai long": 4, "rat hai long": 5,
}  # fmt: skip

# field → (its words, the values that they stand for)
TABLES: dict[str, Mapping[str, object]] = {
    "channel": CHANNELS | {str(int(one)): one for one in Channel},
    "level": LEVELS,
    "status": {**STATUSES, **{str(int(one)): one for one in Status}},
    "submitter": SUBMITTERS,
    "paid_online": YES_NO,
    "digitised_components": YES_NO,
    "digitised_result": YES_NO,
    "satisfaction": SATISFACTION,
}
ASKED = ("channel", "level", "status", "submitter")
NUMBERED = frozenset(
    {"channel", "status", "paid_online", "digitised_components", "digitised_result", "satisfaction"}
)


def meaning(field: str, text: str, own: Mapping[str, str]) -> object | None:
    """What a word of a source stands for; None where nobody has said. `own`: the source's table, its words
    as they stand in the file."""
    told = own.get(text)
    if told is not None:
        # a person decided: keep these rows out
        return None if told == "-" else _value(field, told)
    return TABLES[field].get(fold(text))


def _value(field: str, told: str) -> object | None:
    if field in NUMBERED:
        return TABLES[field].get(told)
    return told if told in set(map(str, TABLES[field].values())) else None

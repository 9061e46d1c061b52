"""Columns that name a person. They are dropped at the door: by their heading, and by what stands in them.

Only two kinds of column may hold such values, since both are hashed before anything is kept: the code of the
dossier and the account that lodged it.
"""

import re
from collections.abc import Sequence

from haicap.core.folding import fold

# Beginnings of folded headings and words inside them.
_HEADINGS = re.compile(
    r"\b(ho (va )?ten|ten (nguoi|chu|cong dan|ca nhan|khach|benh nhan)|chu (ho so|ho|the)|cong dan"
    r"|nguoi (nop|dung ten|de nghi|yeu cau|lien he)|cccd|cmnd|cmt|can cuoc|chung minh|so dinh danh"
    r"|ma dinh danh ca nhan|ho chieu|dien thoai|so dt|sdt|di dong|zalo|dia chi"
    r"|noi (o|cu tru|thuong tru|tam tru)|thuong tru|tam tru|ngay sinh|nam sinh|sinh ngay|tuoi|gioi tinh"
    r"|dan toc|ton giao|e ?mail|thu dien tu|hop thu|so tai khoan|ma so thue|bhxh|bhyt|bao hiem"
    r"|full ?name|first ?name|last ?name|surname|applicant|citizen( id)?|identity|id (card|number)"
    r"|passport|phone|mobile|telephone|address|birth|dob|gender|ethnic|owner name|tax code)\b"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_IDENTITY = re.compile(r"0[0-9]{11}")
_PHONE = re.compile(r"(?:\+?84|0)[ .-]?[0-9]{2,3}[ .-]?[0-9]{3}[ .-]?[0-9]{3,4}")
# Names of families, with those of the Central Highlands: a person's name begins with one.
_FAMILY = re.compile(
    r"(?:nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|truong|doan|ha|mai|cao"
    r"|luong|trinh|dao|lam|nie|ksor|rcom|siu|mlo|hdok|ayun|kpa|to|ta|thai|nong|luu|quach) .+"
)
_WORDS = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+){1,5}")
_LONG_NUMBER = re.compile(r"\+?[0-9](?:[ .-]?[0-9]){8,}")
# Of the filled cells of a sample, so many must look like it.
_SHARE = 0.3
_NAMES_SHARE = 0.6


def by_heading(heading: str) -> bool:
    return bool(_HEADINGS.search(re.sub(r"[_\-./]+", " ", fold(_spaced(heading)))))


def _spaced(heading: str) -> str:
    """SoDienThoai → So Dien Thoai."""
    pairs = zip(heading, heading[1:] + " ", strict=True)
    return "".join(f"{one} " if one.islower() and after.isupper() else one for one, after in pairs)


def by_content(sample: Sequence[str]) -> str:
    """ "identity", "phone", "email", "name" or "": what most of a sample looks like."""
    cells = [cell for cell in sample if cell]
    if not cells:
        return ""
    for what, pattern in (("identity", _IDENTITY), ("phone", _PHONE), ("email", _EMAIL)):
        if sum(bool(pattern.fullmatch(cell)) for cell in cells) >= _SHARE * len(cells):
            return what
    # A few names that come again and again are a list of offices or streets, not of people.
    names = [cell for cell in cells if _is_name(cell)]
    if len(names) >= _NAMES_SHARE * len(cells) and 2 * len(set(names)) > len(names):
        return "name"
    return ""


def _is_name(cell: str) -> bool:
    """“Đang trình ký” begins like a name and is none: what goes on in small letters is a sentence."""
    if not _WORDS.fullmatch(cell) or not _FAMILY.fullmatch(fold(cell)):
        return False
    capitals = {word[0].isupper() for word in cell.split()}
    return len(capitals) == 1 or not cell[0].isupper()


def masked(text: str) -> str:
    """Free text without e-mail addresses and long numbers."""
    return _LONG_NUMBER.sub("…", _EMAIL.sub("…", text))


def looks_personal(cell: str) -> bool:
    return bool(by_content([cell]))

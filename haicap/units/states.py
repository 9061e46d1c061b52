"""The kinds and levels of administrative units: the words of the other files of this room."""

from enum import IntEnum, StrEnum

COUNTRY_CODE = "00"


class Level(IntEnum):
    """Depth in Vietnam's tree. Districts ended on 1 July 2025 and are not kept. Other trees may be deeper."""

    COUNTRY = 0
    PROVINCE = 1
    COMMUNE = 2


class Kind(StrEnum):
    COUNTRY = "country"
    TINH = "tinh"
    THANH_PHO = "thanh_pho"
    XA = "xa"
    PHUONG = "phuong"
    DAC_KHU = "dac_khu"
    # before 1 July 2025 only: towns, and the five island districts that had no communes
    THI_TRAN = "thi_tran"
    HUYEN = "huyen"
    # whatever another system's tree is made of: countries, districts, clinics
    FOREIGN = "foreign"


PREFIX_VI = {
    Kind.TINH: "Tỉnh",
    Kind.THANH_PHO: "Thành phố",
    Kind.XA: "Xã",
    Kind.PHUONG: "Phường",
    Kind.DAC_KHU: "Đặc khu",
    Kind.THI_TRAN: "Thị trấn",
    Kind.HUYEN: "Huyện",
}

SUFFIX_EN = {
    Kind.COUNTRY: "",
    Kind.TINH: "Province",
    Kind.THANH_PHO: "City",
    Kind.XA: "Commune",
    Kind.PHUONG: "Ward",
    Kind.DAC_KHU: "Special Zone",
    Kind.THI_TRAN: "Town",
    Kind.HUYEN: "District",
}

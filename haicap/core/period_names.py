"""How periods and dates are called in vi, en and bn. Plain words in, plain words out."""

from datetime import date

from haicap.core.languages import BN, EN, digits, known

_ROMAN = ("I", "II", "III", "IV")
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS_BN = (
    "জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন",
    "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর",
)  # fmt: skip
_QUARTERS_BN = ("প্রথম", "দ্বিতীয়", "তৃতীয়", "চতুর্থ")


def day_name(day: date, lang: str) -> str:
    """A date with the day first; English spells the month, because 3/4 is two dates there."""
    if known(lang) == EN:
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    return digits(f"{day.day}/{day.month}/{day.year}", lang)


def short_day_name(day: date, lang: str) -> str:
    if known(lang) == EN:
        return f"{day.day} {_MONTHS_EN[day.month - 1][:3]} {day.year}"
    return day_name(day, lang)


def month_name(year: int, month: int, lang: str) -> str:
    if known(lang) == EN:
        return f"{_MONTHS_EN[month - 1]} {year}"
    if known(lang) == BN:
        return digits(f"{_MONTHS_BN[month - 1]} {year}", BN)
    return f"Tháng {month}/{year}"


def quarter_name(year: int, quarter: int, lang: str) -> str:
    if known(lang) == EN:
        return f"Quarter {quarter}, {year}"
    if known(lang) == BN:
        return digits(f"{_QUARTERS_BN[quarter - 1]} প্রান্তিক {year}", BN)
    return f"Quý {_ROMAN[quarter - 1]}/{year}"


def half_name(year: int, half: int, lang: str) -> str:
    if known(lang) == EN:
        return f"{'First' if half == 1 else 'Second'} half of {year}"
    if known(lang) == BN:
        return digits(f"{year} সালের {'প্রথমার্ধ' if half == 1 else 'দ্বিতীয়ার্ধ'}", BN)
    return f"6 tháng {'đầu' if half == 1 else 'cuối'} năm {year}"


def nine_months_name(year: int, lang: str) -> str:
    if known(lang) == EN:
        return f"First nine months of {year}"
    if known(lang) == BN:
        return digits(f"{year} সালের প্রথম নয় মাস", BN)
    return f"9 tháng đầu năm {year}"


def year_name(year: int, lang: str) -> str:
    if known(lang) == EN:
        return str(year)
    if known(lang) == BN:
        return digits(f"{year} সাল", BN)
    return f"Năm {year}"


def week_name(year: int, week: int, lang: str) -> str:
    if known(lang) == EN:
        return f"Week {week}, {year}"
    if known(lang) == BN:
        return digits(f"সপ্তাহ {week}, {year}", BN)
    return f"Tuần {week}/{year}"

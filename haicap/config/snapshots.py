"""What an operator says about snapshots of the past: build one again, keep one, list what is kept."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config import exits
from haicap.config.console import Console
from haicap.core import clock
from haicap.warehouse import lake, pins
from haicap.warehouse.rebuilding import build

BY = "system:console"


def add_verbs(verbs: "_SubParsersAction[Any]") -> None:
    made: ArgumentParser = verbs.add_parser(
        "build", help=str(gettext_lazy("dựng lại ảnh chụp của một thời điểm đã qua"))
    )
    when = gettext_lazy("2026-06-30T17:00 (giờ Việt Nam), hoặc mã ảnh chụp")
    made.add_argument("--as-of", required=True, metavar="T", help=str(when))
    made.add_argument("--to", required=True, type=Path, metavar="DIR")
    pin = verbs.add_parser(
        "pin", help=str(gettext_lazy("giữ tệp của một ảnh chụp: bản công bố, năm xếp hạng"))
    )
    pin.add_argument("name")
    pin.add_argument("--snapshot", default="", help=str(gettext_lazy("mã ảnh chụp; mặc định: bản hiện hành")))
    verbs.add_parser("unpin", help=str(gettext_lazy("thôi giữ"))).add_argument("name")
    out = verbs.add_parser(
        "export", help=str(gettext_lazy("xuất các bảng ra tệp Parquet hoặc CSV cho công cụ khác"))
    )
    out.add_argument("to", type=Path, metavar="DIR")
    out.add_argument("--tables", nargs="+", default=[], metavar="TABLE")
    out.add_argument("--format", default="parquet", choices=sorted(lake.FORMATS))
    out.add_argument("--as-of", default="", metavar="T", help=str(when))
    out.add_argument("--pin", default="", metavar="NAME", help=str(gettext_lazy("ảnh chụp đang được giữ")))
    verbs.add_parser("pins", help=str(gettext_lazy("những ảnh chụp đang được giữ")))


def do_build(console: Console, *, as_of: str, to: Path, **_options: Any) -> None:
    made = build(as_of=_moment(as_of), to=to)
    at = f"{clock.local(made.made_at):%Y-%m-%d %H:%M:%S}"
    text = _("Ảnh chụp %(id)s của %(at)s: %(rows)s dòng, đã dựng lại vào %(to)s.")
    console.say(text % {"id": made.snapshot, "at": at, "rows": made.rows, "to": to})
    if made.equal is None:
        console.say(_("Số dòng khớp; dấu của từng dòng do một phiên bản khác lập nên không so được."))
    elif made.equal:
        console.say(_("Khớp từng dòng với ảnh chụp lúc ấy."))
    else:
        console.say(_("Không khớp ở bảng: %(tables)s") % {"tables": ", ".join(made.differing)})
        console.exit_code = exits.FOUND


def _moment(text: str) -> datetime | str:
    """A wall time of Vietnam without a zone, or the id of a snapshot."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def do_pin(console: Console, *, name: str, snapshot: str, **_options: Any) -> None:
    id = pins.pin(by=BY, name=name, snapshot=snapshot)
    console.say(_("Ảnh chụp %(id)s được giữ dưới tên %(name)s.") % {"id": id, "name": name})


def do_unpin(console: Console, *, name: str, **_options: Any) -> None:
    pins.unpin(by=BY, name=name)
    console.say(_("Đã thôi giữ %(name)s.") % {"name": name})


def do_pins(console: Console, **_options: Any) -> None:
    for one in pins.pins():
        at = f"{clock.local(one.made_at):%Y-%m-%d %H:%M:%S}"
        console.say(
            "\t".join([one.name, one.snapshot, at, one.by, _("đủ tệp") if one.whole else _("thiếu tệp")])
        )


def do_export(
    console: Console, *, to: Path, tables: list[str], format: str, pin: str, as_of: str, **_options: Any
) -> None:
    if as_of:
        with TemporaryDirectory(prefix="haicap-") as scratch:
            do_build(console, as_of=as_of, to=Path(scratch) / "then")
            made = lake.write(to, tables=tables, format=format, root=Path(scratch) / "then")
    else:
        made = lake.write(to, tables=tables, format=format, pin=pin)
    for name, rows in made.rows.items():
        console.say(f"{name}\t{rows}")
    console.say(_("Ảnh chụp %(id)s đã xuất vào %(path)s.") % {"id": made.snapshot, "path": made.path})


VERBS: dict[str, Callable[..., None]] = {
    "export": do_export,
    "build": do_build,
    "pin": do_pin,
    "unpin": do_unpin,
    "pins": do_pins,
}

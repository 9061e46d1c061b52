from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.audit import sealing
from haicap.config import exits
from haicap.config.console import Console


class Command(Console):
    help = gettext_lazy("Nhật ký: niêm phong, và chứng minh không ai sửa nhật ký.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help=str(gettext_lazy("tính lại mọi niêm phong")))
        about = gettext_lazy("niêm phong đã ghi ở nơi khác, SỐ:MÃ")
        verify.add_argument("--expect", metavar="N:MÃ", action="append", default=[], help=str(about))
        verbs.add_parser("seal", help=str(gettext_lazy("niêm phong ngay những gì chưa niêm phong")))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "seal":
            self.say(_("Đã niêm phong %(n)s việc.") % {"n": sealing.seal()})
        else:
            self.verify(options["expect"])
        top = sealing.head()
        self.say(_("Niêm phong mới nhất, hãy ghi ở nơi khác: %(n)s:%(digest)s") % vars_of(top))

    def verify(self, expected: list[str]) -> None:
        proof = sealing.verify()
        for block in proof.broken:
            self.say(_("Khối %(n)s đã bị sửa hoặc bị tráo.") % {"n": block})
        for event in proof.missing:
            self.say(_("Việc số %(n)s đã niêm phong nhưng không còn.") % {"n": event})
        for event in proof.belated:
            text = _("Việc số %(n)s chen vào sau khi các việc bên cạnh đã niêm phong; ngày trong đó sai.")
            self.say(text % {"n": event})
        if proof.unsealed:
            text = _("%(n)s việc đến muộn chưa vào khối nào: %(ids)s")
            ids = ", ".join(map(str, proof.unsealed[:20]))
            self.say(text % {"n": len(proof.unsealed), "ids": ids})
        strange = [one for one in expected if not self.stands(one)]
        for one in strange:
            self.say(_("Niêm phong đã ghi không còn đúng: %(one)s") % {"one": one})
        text = _("%(blocks)s khối, %(events)s việc đã niêm phong, %(waiting)s việc đang chờ.")
        counts = {"blocks": proof.blocks, "events": proof.events, "waiting": proof.waiting}
        self.say(text % counts)
        good = proof.ok and not strange
        self.exit_code = exits.FINE if good else exits.FOUND
        self.say(_("Nhật ký nguyên vẹn.") if good else _("Nhật ký không còn nguyên vẹn."))

    def stands(self, noted: str) -> bool:
        block, colon, digest = noted.partition(":")
        if not colon or not block.isdigit():
            raise CommandError(_("Viết như 12:3fa9…, không phải “%(text)s”.") % {"text": noted})
        # Somebody who removed the newest blocks would be found by this and by nothing else.
        return sealing.digest_of(int(block)) == digest


def vars_of(top: sealing.Head) -> dict[str, object]:
    return {"n": top.block, "digest": top.digest}

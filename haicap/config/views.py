"""Pages that belong to no room: errors, and the address that a supervisor asks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token


def error(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "text": text, "status": status}, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    text = _("Địa chỉ hoặc dữ liệu gửi lên không đúng. Không có gì bị thay đổi. Hãy quay lại và thử lại.")
    return error(request, 400, _("Yêu cầu không hợp lệ"), text)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    text = _("Vị trí công tác của bạn không có quyền làm việc này. Không có gì bị thay đổi.")
    return error(request, 403, _("Không được phép"), text)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    text = _("Địa chỉ này không có, hoặc không dành cho bạn. Hãy kiểm tra lại hoặc về trang đầu.")
    return error(request, 404, _("Không tìm thấy trang"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _(
        "Trang này đã mở quá lâu hoặc trình duyệt chặn cookie, nên chưa nhận được dữ liệu. "
        "Hãy quay lại, tải lại trang và gửi một lần nữa."
    )
    return error(request, 403, _("Phiên làm việc đã hết"), text)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    text = _("Dữ liệu gửi lên lớn hơn mức cho phép (%(limit)s MB). Hãy chia nhỏ và gửi lại.")
    megabytes = max(1, limit // (1024 * 1024))
    return error(request, 413, _("Dữ liệu quá lớn"), text % {"limit": megabytes})

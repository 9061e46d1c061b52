"""The four questions of the open API, version 1."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from haicap.api.access import access_of
from haicap.api.open.v1 import answers, definitions, heatmaps, places, trends
from haicap.api.open.v1.parameters import HeatmapQuery, IndicatorsQuery, SeriesQuery, UnitsQuery
from haicap.api.open.v1.schemas import HeatmapOut, IndicatorsOut, Problem, SeriesOut, UnitsOut
from haicap.core.errors import Refusal


class Readable(JSONRenderer):
    """Vietnamese and Bengali as letters, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


class OpenAPI(NinjaAPI):
    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        made = super().create_response(request, data, status=status, temporal_response=temporal_response)
        return answers.dressed(request, made)


api = OpenAPI(
    title="Haicap",
    version="1.0.0",
    description=_("Số liệu của các xã, phường, đặc khu: đơn vị, chỉ tiêu, bản đồ nhiệt và chuỗi thời gian."),
    urls_namespace="open-v1",
    openapi_url=None,
    docs_url=None,
    auth=access_of,
    renderer=Readable(),
)
REFUSED: dict[int, Any] = {400: Problem, 401: Problem, 404: Problem, 429: Problem, 503: Problem}


@api.get(
    "/units",
    response={200: UnitsOut, **REFUSED},
    operation_id="units",
    summary=_("Danh mục đơn vị hành chính"),
    description=_("Các đơn vị mà người hỏi được xem, xếp theo cấp rồi theo mã. Không nêu limit là tất cả."),
)
def units(request: HttpRequest, query: Query[UnitsQuery]) -> dict[str, Any]:
    prepare(request, UnitsQuery)
    return places.listed(request.auth, query)  # type: ignore[attr-defined]


@api.get(
    "/indicators",
    response={200: IndicatorsOut, **REFUSED},
    operation_id="indicators",
    summary=_("Danh mục chỉ tiêu"),
    description=_("Định nghĩa đang có hiệu lực: tên, công thức, chiều, loại kỳ, ngưỡng với căn cứ."),
)
def indicators(request: HttpRequest) -> dict[str, Any]:
    prepare(request, IndicatorsQuery)
    return definitions.listed()


@api.get(
    "/heatmap",
    response={200: HeatmapOut, **REFUSED},
    operation_id="heatmap",
    summary=_("Bản đồ nhiệt"),
    description=_("Một chỉ tiêu của mọi đơn vị trực thuộc trong một kỳ: giá trị, màu, thay đổi, hạng."),
)
def heatmap(request: HttpRequest, query: Query[HeatmapQuery]) -> dict[str, Any]:
    prepare(request, HeatmapQuery)
    return heatmaps.answered(request.auth, query)  # type: ignore[attr-defined]


@api.get(
    "/series",
    response={200: SeriesOut, **REFUSED},
    operation_id="series",
    summary=_("Chuỗi thời gian"),
    description=_("Một chỉ tiêu của một đơn vị qua các kỳ. Kỳ không có số là một khoảng trống (null)."),
)
def series(request: HttpRequest, query: Query[SeriesQuery]) -> dict[str, Any]:
    prepare(request, SeriesQuery)
    return trends.answered(request.auth, query)  # type: ignore[attr-defined]


def prepare(request: HttpRequest, parameters: Any) -> None:
    """Refuse what was not asked for here, and say so at once when the caller's copy is still right."""
    parameters.check(request)
    answers.check_fresh(request, request.auth)  # type: ignore[attr-defined]


@api.exception_handler(Refusal)
def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return answers.refused(request, refusal)


@api.exception_handler(ValidationError)
def refuse_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return answers.refused(request, answers.bad_parameter(error.errors))


@api.exception_handler(answers.NotModifiedError)
def unchanged(request: HttpRequest, found: answers.NotModifiedError) -> HttpResponse:
    return answers.dressed(request, found.answer)

"""Pages under /bao-cao/. A report's address is its form, its period key and the code of its unit."""

from django.urls import path

from .views import (
    autosave,
    differences,
    disputes,
    grid,
    lists,
    mapping,
    paper,
    preview,
    provenance,
    steps,
    timeliness,
    workbook,
)

app_name = "reporting"
MANY = "<str:form>/<str:period>/"
SHEET = "<str:form>/<str:period>/<str:code>/"

urlpatterns = [
    path("", lists.my_reports, name="list"),
    path("tong-hop/", lists.board, name="board"),
    path("tong-hop/duyet/", steps.accept_many, name="accept_many"),
    path("xem-truoc/<int:draft_id>/", preview.draft, name="preview"),
    path("dung-han/", timeliness.timeliness, name="timeliness"),
    path("dung-han/<str:table>.<str:ext>", timeliness.download, name="timeliness_file"),
    path("lech/", differences.differences, name="differences"),
    path("lech/tep.<str:ext>", differences.download, name="differences_file"),
    path("lech/y-kien/", disputes.listed, name="disputes"),
    path("lech/y-kien/<int:dispute_id>/", disputes.one, name="dispute"),
    path("tep-ngoai/", mapping.start, name="foreign_start"),
    path("tep-ngoai/bo/<int:mapping_id>/", mapping.forget, name="foreign_forget"),
    path("tep-ngoai/<str:token>/", mapping.reading, name="foreign"),
    path("tep-ngoai/<str:token>/noi/", mapping.join, name="foreign_join"),
    path("tep-ngoai/<str:token>/xem/", mapping.preview, name="foreign_preview"),
    path("tep-ngoai/<str:token>/xong/", mapping.done, name="foreign_done"),
    path(f"tong-hop/tep/{MANY}", workbook.workbooks, name="workbooks"),
    path(f"tong-hop/tep/{MANY}tai/<str:ext>/", workbook.workbooks_file, name="workbooks_file"),
    path(f"tong-hop/tep/{MANY}<str:token>/", workbook.workbooks_preview, name="workbooks_preview"),
    path(f"tong-hop/tep/{MANY}<str:token>/loi/", workbook.workbooks_marked, name="workbooks_marked"),
    path(SHEET, grid.report, name="report"),
    path(f"{SHEET}luu/", autosave.save, name="save"),
    path(f"{SHEET}buoc/<str:act>/", steps.step, name="step"),
    path(f"{SHEET}lich-su/", paper.history, name="history"),
    path(f"{SHEET}lich-su/so-sanh/", provenance.compare, name="compare"),
    path(f"{SHEET}o/<str:element>/", provenance.cell, name="cell"),
    path(f"{SHEET}o/<str:element>/y-kien/", disputes.begin, name="dispute_begin"),
    path(f"{SHEET}ban-in/", paper.paper, name="print"),
    path(f"{SHEET}tep/", workbook.workbook, name="workbook"),
    path(f"{SHEET}tep/tai/<str:ext>/", workbook.workbook_file, name="workbook_file"),
    path(f"{SHEET}tep/<str:token>/", workbook.workbook_preview, name="workbook_preview"),
    path(f"{SHEET}tep/<str:token>/loi/", workbook.workbook_marked, name="workbook_marked"),
]

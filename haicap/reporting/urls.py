"""Pages under /bao-cao/. A report's address is its form, its period key and the code of its unit."""

from django.urls import path

from .views import autosave, grid, lists, paper, preview, steps, timeliness

app_name = "reporting"
SHEET = "<str:form>/<str:period>/<str:code>/"

urlpatterns = [
    path("", lists.my_reports, name="list"),
    path("tong-hop/", lists.board, name="board"),
    path("tong-hop/duyet/", steps.accept_many, name="accept_many"),
    path("xem-truoc/<int:draft_id>/", preview.draft, name="preview"),
    path("dung-han/", timeliness.timeliness, name="timeliness"),
    path("dung-han/<str:table>.<str:ext>", timeliness.download, name="timeliness_file"),
    path(SHEET, grid.report, name="report"),
    path(f"{SHEET}luu/", autosave.save, name="save"),
    path(f"{SHEET}buoc/<str:act>/", steps.step, name="step"),
    path(f"{SHEET}lich-su/", paper.history, name="history"),
    path(f"{SHEET}ban-in/", paper.paper, name="print"),
]

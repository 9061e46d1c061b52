"""Pages under /ho-so/."""

from django.urls import path

from .views import circumstances, disputes, files, imports, queue, rates, signals, silence, sources

app_name = "dossiers"

urlpatterns = [
    path("", queue.board, name="queue"),
    path("qua-han/", queue.overdue, name="overdue"),
    path("tre-han/", queue.late, name="late"),
    path("dung-han/", rates.rates, name="rates"),
    path("thu-tuc/", rates.procedures, name="procedures"),
    path("ai-nop/", rates.submitters, name="submitters"),
    path("im-lang/", silence.silence, name="silence"),
    path("de-nghi/", disputes.disputes, name="disputes"),
    path("de-nghi/moi/", disputes.new, name="dispute_new"),
    path("de-nghi/<int:dispute>/", disputes.dispute, name="dispute"),
    path("de-nghi/<int:dispute>/<str:act>/", disputes.step, name="dispute_step"),
    path("tin-hieu/", signals.signals, name="signals"),
    path("tin-hieu/khai-bao/", circumstances.declare, name="declare"),
    path("tin-hieu/<int:signal>/", signals.signal, name="signal"),
    path("tin-hieu/<int:signal>/<str:act>/", signals.step, name="signal_step"),
    path("nhap/", imports.start, name="imports"),
    path("nhap/<str:token>/", imports.one, name="import"),
    path("nhap/<str:token>/tien-do/", imports.progress, name="import_progress"),
    path("nhap/<str:token>/hoi/", imports.ask, name="import_ask"),
    path("nhap/<str:token>/dung/", imports.stop, name="import_stop"),
    path("nhap/<str:token>/tiep/", imports.carry_on, name="import_resume"),
    path("nhap/<str:token>/bi-loai.csv", imports.rejected, name="import_rejected"),
    path("nguon/", sources.sources, name="sources"),
    path("nguon/<slug:code>/", sources.source, name="source"),
    path("bang/<str:table>.<str:ext>", files.download, name="file"),
]

"""Pages under /thong-bao/."""

from django.urls import path

from .views import address, choices, hooks, inbox, office

app_name = "notify"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("so/", inbox.count, name="count"),
    path("da-doc/", inbox.read_all, name="read_all"),
    path("<int:receipt_id>/mo/", inbox.open_one, name="open"),
    path("lua-chon/", choices.choices, name="choices"),
    path("lua-chon/dia-chi/", address.ask, name="address"),
    path("lua-chon/dia-chi/<str:token>/", address.confirm, name="confirm"),
    path("duong-gui/", office.office, name="office"),
    path("duong-gui/gui-lai/", office.again, name="again"),
    path("duong-gui/<int:notice_id>/xong/", office.settle, name="settle"),
    path("duong-gui/goi/", hooks.open_one, name="hook_open"),
    path("duong-gui/goi/<int:hook_id>/dong/", hooks.close_one, name="hook_close"),
]

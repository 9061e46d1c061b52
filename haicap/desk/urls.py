from django.urls import path

from haicap.desk.asking import burden, held
from haicap.desk.exploring import views as exploring
from haicap.desk.mergers import views as mergers
from haicap.desk.views import commune, country, drawing, live, overview, search, series, unitreports

app_name = "desk"
urlpatterns = [
    path("", overview.home, name="home"),
    path("tinh/<str:code>/", overview.province, name="province"),
    path("tinh/<str:code>/ve-ban-do/", drawing.drawing, name="draw"),
    path("xa/<str:code>/", commune.page, name="commune"),
    path("xa/<str:code>/chuoi/", series.page, name="series"),
    path("don-vi/<str:uid>/bao-cao/", unitreports.page, name="unit_reports"),
    path("ca-nuoc/", country.page, name="country"),
    path("tim/", search.page, name="search"),
    path("so-dang-co/", held.page, name="held"),
    path("ganh-nang/", burden.page, name="burden"),
    path("sap-nhap/", mergers.listed, name="mergers"),
    path("sap-nhap/<int:id>/", mergers.detail, name="merger"),
    path("sap-nhap/<int:id>/nghi-quyet/", mergers.act_page, name="merger_act"),
    path("sap-nhap/<int:id>/don-vi-moi/", mergers.units_page, name="merger_units"),
    path("sap-nhap/<int:id>/phan-chia/", mergers.shares_page, name="merger_shares"),
    path("kham-pha/", exploring.page, name="explorer"),
    path("kham-pha/luu/", exploring.keep, name="explorer_keep"),
    path("kham-pha/luu/<int:id>/", exploring.opened, name="explorer_saved"),
    path("kham-pha/luu/<int:id>/<str:act>/", exploring.step, name="explorer_step"),
    path("moi/", live.token, name="live"),
]

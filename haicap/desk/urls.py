from django.urls import path

from haicap.desk.views import commune, country, drawing, live, overview, search

app_name = "desk"
urlpatterns = [
    path("", overview.home, name="home"),
    path("tinh/<str:code>/", overview.province, name="province"),
    path("tinh/<str:code>/ve-ban-do/", drawing.drawing, name="draw"),
    path("xa/<str:code>/", commune.page, name="commune"),
    path("ca-nuoc/", country.page, name="country"),
    path("tim/", search.page, name="search"),
    path("moi/", live.token, name="live"),
]

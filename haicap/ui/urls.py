from django.urls import path

from haicap.ui import patterns, views

app_name = "ui"
urlpatterns = [
    path("ngon-ngu/", views.language, name="language"),
    path("co-chu/", views.text_size, name="text_size"),
    path("ui/mau/", patterns.show, name="patterns"),
]

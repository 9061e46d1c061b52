from django.urls import path

from haicap.api.sql.v1 import door

app_name = "sql-v1"
urlpatterns = [path("query", door.query, name="query")]

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "haicap.catalogue"
    label = "catalogue"

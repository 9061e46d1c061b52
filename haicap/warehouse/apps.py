from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "haicap.warehouse"
    label = "warehouse"

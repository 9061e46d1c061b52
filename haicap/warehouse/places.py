"""Where the warehouse lies on this machine."""

from pathlib import Path

from django.conf import settings


def root_directory() -> Path:
    return Path(settings.WAREHOUSE_DIR)

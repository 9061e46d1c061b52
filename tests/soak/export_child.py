"""The process that gets killed: `python -m tests.soak.export_child DATA SEED`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from tests.soak.exporting import child  # noqa: E402  models need the apps first

child(Path(sys.argv[1]), int(sys.argv[2]))

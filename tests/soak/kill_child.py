"""The process that gets killed: `python -m tests.soak.kill_child LEDGER SEED`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from tests.soak.killing import child  # noqa: E402  models need the apps first

child(Path(sys.argv[1]), int(sys.argv[2]))

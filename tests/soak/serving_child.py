"""The small country, its people and a form, written into the installation that the environment names."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from tests.cast import make_cast, make_world  # noqa: E402 - models need the apps
from tests.reporting.conftest import publish  # noqa: E402

if __name__ == "__main__":
    world = make_world()
    make_cast(world)
    publish(world["66"])

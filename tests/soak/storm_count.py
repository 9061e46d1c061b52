"""What the database holds after a storm: `python -m tests.soak.storm_count PERIOD` prints one JSON object."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from haicap.audit import sealing  # noqa: E402 - models need the apps
from haicap.reporting.models import Report, Submission, Value, ValueChange  # noqa: E402
from haicap.reporting.states import State  # noqa: E402
from tests.soak.storm_child import FORM  # noqa: E402

if __name__ == "__main__":
    here = {"report__form": FORM, "report__period": sys.argv[1]}
    values = Value.objects.filter(**here)
    # the small country of the tests owes the form too, and nobody there types
    reports = Report.objects.filter(form=FORM, period=sys.argv[1], unit__code__startswith="9")
    cells = values.values_list("report__unit__code", "element__code", "number")
    print(
        json.dumps(
            {
                "cells": {f"{unit} {code}": str(int(number)) for unit, code, number in cells},
                "changes": ValueChange.objects.filter(value__in=values).count(),
                "reports": reports.count(),
                "submissions": Submission.objects.filter(**here).count(),
                "submitted": sorted(
                    reports.filter(state=State.SUBMITTED.value).values_list("unit__code", flat=True)
                ),
                "log_is_whole": sealing.verify().ok,
            }
        )
    )

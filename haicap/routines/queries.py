"""What the routines have done, for the health page."""

from datetime import datetime

from haicap.routines.models import Run, Sweep


def last_sweep(folder: str) -> datetime | None:
    """The instant (UTC) of the last "minutely", "hourly", "daily" or "monthly" sweep; None before any."""
    return Sweep.objects.filter(folder=folder).values_list("at", flat=True).first()


def failures() -> dict[str, str]:
    """folder -> the routines that failed in its last sweep, by name"""
    return dict(Sweep.objects.exclude(failures="").values_list("folder", "failures"))


def last_slot(job: str) -> datetime | None:
    """The latest slot (UTC) that a job has finished."""
    done = Run.objects.filter(job=job, finished_at__isnull=False).order_by("-slot")
    return done.values_list("slot", flat=True).first()

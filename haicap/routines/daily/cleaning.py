"""What nobody needs any more: ended sessions, old sign-in attempts (they hold addresses), finished jobs."""

from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

KEEP_ATTEMPTS_DAYS = 90
KEEP_JOBS = timedelta(days=14)


def run(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    AxesProxyHandler.reset_logs(age_days=KEEP_ATTEMPTS_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_JOBS).delete()

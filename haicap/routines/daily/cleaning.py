"""What nobody needs any more: ended sessions, old sign-in attempts (they hold addresses), finished jobs."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

KEEP_ATTEMPTS = timedelta(days=90)
KEEP_JOBS = timedelta(days=14)


def run(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    for table in (AccessAttempt, AccessFailureLog, AccessLog):
        table.objects.filter(attempt_time__lt=now - KEEP_ATTEMPTS).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_JOBS).delete()

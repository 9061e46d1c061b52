"""What nobody needs any more: ended sessions, old sign-in attempts (they hold addresses), finished jobs, old
news and old slots."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from haicap.notify.actions import forget as forget_news
from haicap.routines.models import Run

KEEP_ATTEMPTS = timedelta(days=90)
KEEP_JOBS = timedelta(days=14)
# A job of every month must find its last slot
KEEP_SLOTS = timedelta(days=40)
KEEP_MINUTES = timedelta(days=2)


def run(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    for table in (AccessAttempt, AccessFailureLog, AccessLog):
        table.objects.filter(attempt_time__lt=now - KEEP_ATTEMPTS).delete()
    forget_news(now=now)
    Run.objects.filter(slot__lt=now - KEEP_SLOTS).delete()
    Run.objects.filter(job__startswith="minutely.", slot__lt=now - KEEP_MINUTES).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_JOBS).delete()

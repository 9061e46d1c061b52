"""Queued jobs (django-tasks), run one at a time beside the refresh.

A job may run again after a kill, so every job must bear being run twice.
"""

import logging

from django.db import transaction
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

log = logging.getLogger("haicap.routines")

NAME = "haicap"
TRIES = 3


def run_next() -> bool:
    """Run the next ready job, if there is one. One that fails is recorded by django-tasks, not repeated."""
    # a plain read first: the library's own look takes the write lock of SQLite
    if not DBTaskResult.objects.ready().exists():
        return False
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=NAME,
        excluded_queue_names=[],
    )
    worker.run()
    return True


@transaction.atomic
def put_back_interrupted() -> int:
    """At the start of the one worker: what is still marked as running was cut off by a kill."""
    count = 0
    for job in DBTaskResult.objects.running().select_for_update():
        if len(job.worker_ids) >= TRIES:
            # a job that takes the worker down each time must not keep it down
            log.error("job %s was cut off %s times and is given up", job.task_path, len(job.worker_ids))
            job.status, job.finished_at = TaskResultStatus.FAILED, timezone.now()
        else:
            job.status, job.started_at = TaskResultStatus.READY, None
            count += 1
        job.save(update_fields=["status", "started_at", "finished_at"])
    return count

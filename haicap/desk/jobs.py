"""Work that a page asks for and the worker does."""

from django_tasks import task

from haicap.units.actions import draw

BY = "system:worker"


@task()
def draw_map(owner_id: int) -> None:
    draw(by=BY, owner_id=owner_id)

"""Silent dossiers are told to who answers for them; what is not clear in dossiers becomes a question."""

from datetime import datetime, time

from haicap.dossiers.actions.alarming import alarm
from haicap.dossiers.actions.asking import ask_due

AT = time(7, 15)
BY = "system:clock"


def run(now: datetime) -> None:
    alarm(by=BY, now=now)
    ask_due(by=BY, now=now)

from celery import shared_task
from django.utils import timezone

from .due import claim_due
from .engine import run_pass


@shared_task(name="campaigns.run")
def run() -> None:
    """A pass over what is on and has not had one in the last minutes. Two at once do nothing twice."""
    now = timezone.now()
    for play in claim_due(now):
        run_pass(at=now, plays=[play])

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="worklist.sweep")
def sweep() -> None:
    """What time alone changes: leases, expiries, calling windows. Safe to run twice."""
    services.sweep(now=timezone.now())

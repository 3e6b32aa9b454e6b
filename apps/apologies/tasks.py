from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="apologies.tick")
def tick() -> None:
    """What time alone changes: approvals run out, approvers are reminded. Safe to run twice."""
    now = timezone.now()
    services.lapse_approvals(now=now)
    services.remind_approvers(now=now)


@shared_task(name="apologies.expire_compensations")
def expire_compensations_task() -> None:
    services.expire_compensations(now=timezone.now())

from celery import shared_task
from django.utils import timezone

from .services import expire_compensations


@shared_task(name="apologies.expire_compensations")
def expire_compensations_task() -> None:
    expire_compensations(now=timezone.now())

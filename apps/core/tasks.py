from celery import shared_task
from django.utils import timezone

from .heartbeat import beat


@shared_task(name="core.beat")
def beat_task() -> None:
    beat(now=timezone.now())

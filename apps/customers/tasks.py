from celery import shared_task
from django.utils import timezone

from .services import refresh_vip_standing


@shared_task(name="customers.refresh_vip_standing")
def refresh_standing() -> None:
    refresh_vip_standing(now=timezone.now())

from celery import shared_task
from django.utils import timezone

from .uploads import run_import


@shared_task(name="integrations.run_import")
def import_uploaded(pk: int) -> None:
    run_import(pk, now=timezone.now())

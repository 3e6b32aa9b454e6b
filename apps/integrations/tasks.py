from celery import shared_task
from django.utils import timezone

from .uploads import run_import, sweep_imports


@shared_task(name="integrations.run_import")
def import_uploaded(pk: int) -> None:
    run_import(pk, now=timezone.now())


@shared_task(name="integrations.sweep_imports")
def sweep() -> None:
    """Imports that nobody works on any more. Safe to run twice."""
    sweep_imports(now=timezone.now())

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import services
from .services.events import forget_calls, read_calls
from .services.replies import read_mails

RUN_FOR = timedelta(seconds=10)  # shorter than a worker that is asked to stop is given


@shared_task(name="outreach.tick")
def tick() -> None:
    """Ends claims of dead workers, wakes senders. Safe to run twice."""
    services.tick(now=timezone.now())


@shared_task(name="outreach.send")
def send() -> None:
    """One sender: claims of ten, until nothing is due or its time is up. As many as like run at once."""
    services.send_due(clock=timezone.now, until=timezone.now() + RUN_FOR)


@shared_task(name="outreach.read_events")
def read_events() -> None:
    read_calls(now=timezone.now())


@shared_task(name="outreach.forget_calls")
def forget() -> None:
    forget_calls(now=timezone.now())


@shared_task(name="outreach.read_replies")
def read_replies() -> None:
    read_mails(now=timezone.now())

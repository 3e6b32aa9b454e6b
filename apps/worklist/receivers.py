"""News from the people: somebody was switched off, or has another role."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from apps.accounts.models import User
from apps.accounts.signals import person_left

from .services import free_tasks_of


@receiver(person_left, dispatch_uid="worklist.free_tasks")
def free_tasks_on_leaving(sender: object, user: User, by: User | None, now: datetime, **kwargs: Any) -> None:
    free_tasks_of(user, by=by, now=now)

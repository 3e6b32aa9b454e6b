"""Stands in for the suppressions."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.permissions import is_manager
from apps.core.statuses import record

from ..models import Suppression
from .queueing import CannotSend


@transaction.atomic
def lift(suppression: Suppression, *, by: User, now: datetime, reason: str) -> None:
    if not is_manager(by):
        raise PermissionDenied
    if not reason.strip():
        raise CannotSend("Say why this address may get mail again.")
    Suppression.objects.filter(pk=suppression.pk, lifted_at=None).update(lifted_at=now, lifted_by=by)
    record(suppression, "lifted", by=by, now=now, reason=reason)

"""What a person changes about themselves."""

from datetime import datetime

from django.db import transaction

from apps.core.statuses import record

from ..hours import Week
from ..models import User
from .changes import apply_changes


@transaction.atomic
def change_own_account(
    user: User, *, name: str, time_zone: str, hours: Week | None, single_keys: bool, now: datetime
) -> None:
    values = {"name": name, "time_zone": time_zone, "hours": hours, "single_keys": single_keys}
    changed = apply_changes(user, values)
    if changed:
        record(user, "changed", by=user, now=now, fields=changed)


@transaction.atomic
def change_own_password(user: User, *, password: str, now: datetime) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    record(user, "password_changed", by=user, now=now)

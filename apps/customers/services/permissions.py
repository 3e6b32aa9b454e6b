"""Whom we may contact: the customer's word, kept with its time and where we know it from."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import record

from ..models import Channel, Customer, Permission, Purpose


def set_permission(
    customer: Customer,
    *,
    channel: str,
    purpose: str,
    state: str,
    origin: str,
    by: User | None,
    now: datetime,
) -> Permission:
    """Keep what the customer said. Saying the same again changes nothing and leaves no Event."""
    known = {"channel": Channel(channel), "purpose": Purpose(purpose)}
    state = Permission.State(state)
    with transaction.atomic():
        permission, made = Permission.objects.select_for_update().get_or_create(
            customer=customer, **known, defaults={"state": state, "origin": origin, "at": now}
        )
        before = "" if made else permission.state
        if before == state:
            return permission
        if not made:
            permission.state, permission.origin, permission.at = state, origin, now
            permission.save(update_fields=["state", "origin", "at"])
        record(
            customer,
            "permission",
            by=by,
            now=now,
            reason=origin,
            from_status=before,
            to_status=state,
            channel=str(known["channel"]),
            purpose=str(known["purpose"]),
        )
    return permission


def refuse_calls(customer: Customer, *, origin: str, by: User | None, now: datetime) -> None:
    """Do not call: on the phone, for whatever purpose."""
    with transaction.atomic():
        for purpose in Purpose.values:
            set_permission(
                customer,
                channel=Channel.PHONE,
                purpose=purpose,
                state=Permission.State.REFUSED,
                origin=origin,
                by=by,
                now=now,
            )

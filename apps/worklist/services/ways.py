"""A way to reach somebody was found: the task goes there."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import Shop, User
from apps.core.statuses import Conflict, record
from apps.customers.models import Customer
from apps.customers.phones import e164

from ..calling import purpose_of, refused_channels, window_in
from ..models import CareTask, Reach, TaskStatus

NOT_A_NUMBER = "That is not a phone number we can dial. Write it with its country code: +44 20 7946 0112."
NEEDS_ONE = "Write the number or the address that you found."
HAS_A_WAY = "There is a way to reach them already: say how it ended there."
REFUSED = "They asked not to be contacted there. Find another way, or leave it with a reason."


class NoWay(ValueError):
    """What was found cannot be used; the message says why."""


@transaction.atomic
def found_way(task: CareTask, *, by: User, now: datetime, phone: str = "", email: str = "") -> None:
    """Keep a number or an address with the customer, and turn the held task to it."""
    if task.status != TaskStatus.HELD or task.held_by_id != by.pk:
        raise Conflict("This task is no longer yours.")
    if task.reach != Reach.FIND:
        raise Conflict(HAS_A_WAY)
    if not phone and not email:
        raise NoWay(NEEDS_ONE)
    reach = Reach.PHONE if phone else Reach.EMAIL
    if reach in refused_channels(task.customer, purpose_of(task)):
        raise NoWay(REFUSED)
    known = {"phone": dialled(phone, task.customer.country)} if phone else {"email": email}
    changes: dict[str, Any] = {"reach": reach}
    if reach == Reach.PHONE:
        window = window_in(task.zone, now, Shop.current())
        changes |= {"calls_from": window.opens_at, "calls_until": window.closes_at}
    seeking = CareTask.objects.filter(pk=task.pk, held_by=by, reach=Reach.FIND)
    if not seeking.update(**changes):
        raise Conflict(HAS_A_WAY)
    Customer.objects.filter(pk=task.customer_id).update(**known)
    record(task, "way_found", by=by, now=now, reason=Reach(reach).label)


def dialled(written: str, country: str) -> str:
    """A number as people write it, as E.164."""
    number = e164(written, country)
    if not number:
        raise NoWay(NOT_A_NUMBER)
    return number

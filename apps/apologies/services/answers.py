"""What comes back: the customer answers, or the letter does."""

from datetime import datetime

from django.db import transaction

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import User
from apps.core.statuses import advance, record
from apps.customers.models import Customer
from apps.worklist.calling import refused_channels
from apps.worklist.models import CareTask, Reach, TaskStatus
from apps.worklist.steps import PROMISED

from ..models import Letter, Offer, OfferStatus
from .compensations import unissue
from .letters import send_another_way, withdraw_letter
from .refresh import follow_channel
from .resolving import unresolve

THEY_ANSWERED = "They answered"
CAME_BACK = "The mail came back"
LONGEST = 2000  # letters of an answer that the task shows


@transaction.atomic
def hear_back(offer: Offer, *, text: str, by: User | None, now: datetime) -> None:
    """They answered our apology: it is open again, on the desk of whoever spoke with them, before all else.

    What was given stays given. `by=None`: it came in by mail.
    """
    record(offer, "answered", by=by, now=now, reason=THEY_ANSWERED)
    unresolve(offer.incident, reason=THEY_ANSWERED, by=by, now=now)
    task = offer.task
    if task is None:
        return
    last = task.attempts.standing().select_related("by").order_by("-ended_at").first()
    person = last.by if last and last.by and last.by.is_active else None
    facts = {**task.facts, "wrote": text.strip()[:LONGEST]}
    if task.status not in {TaskStatus.DONE, TaskStatus.WITHDRAWN}:
        CareTask.objects.filter(pk=task.pk).update(facts=facts)
        return
    calendar = shop_calendar()
    due_at = calendar.end_of_day(calendar.add_business_days(calendar.local_day(now), 1))
    changes = {
        "facts": facts,
        "priority": PROMISED,
        "assignee": person,
        "due_at": due_at,
        "opens_at": None,
        "closed_at": None,
        "close_reason": "",
    }
    advance(task, TaskStatus.OPEN, by=by, now=now, reason=THEY_ANSWERED, changes=changes)


@transaction.atomic
def letter_came_back(letter: Letter, *, now: datetime) -> None:
    """Their mail address is closed to us: the apology goes another way.

    Where a call told it, somebody posts the letter or tells them what was in it. Where the mail was all,
    they have not heard us: what was given is taken back, and the other way waits for its approval.
    """
    offer = letter.offer
    way = way_without_mail(offer.incident.customer)
    if offer.channel == Reach.PHONE or offer.task is None:
        send_another_way(letter, way, why=CAME_BACK, by=None, now=now)
        return
    withdraw_letter(letter, why=CAME_BACK, by=None, now=now)
    if offer.status == OfferStatus.DELIVERED:
        unissue(offer, by=None, now=now)
        advance(offer, OfferStatus.APPROVED, by=None, now=now, reason=CAME_BACK)
        unresolve(offer.incident, reason=CAME_BACK, by=None, now=now)
    _open_by(offer.task, way, now)
    follow_channel(offer.task, why=CAME_BACK, now=now)


def way_without_mail(customer: Customer) -> Reach:
    """The best channel but mail that is open for what is owed; none left: find one."""
    refused = refused_channels(customer, "service")
    if customer.phone and Reach.PHONE not in refused:
        return Reach.PHONE
    if customer.postcode and customer.city and Reach.POST not in refused:
        return Reach.POST
    return Reach.FIND


def _open_by(task: CareTask, way: Reach, now: datetime) -> None:
    if task.status == TaskStatus.DONE:
        changes = {"reach": way, "closed_at": None, "close_reason": ""}
        advance(task, TaskStatus.OPEN, by=None, now=now, reason=CAME_BACK, changes=changes)
    else:
        CareTask.objects.filter(pk=task.pk).update(reach=way)
        task.reach = way

"""The customer beside the call: may we call, what to know, what they have, what they said, what we gave."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from apps.accounts.models import User
from apps.apologies.call_notes import closed_notes
from apps.apologies.models import Incident, Offer
from apps.apologies.permissions import may_see_detail
from apps.customers.models import Customer, Order, Permission
from apps.desk.today.rows import Sign
from apps.feedback.models import FeedbackItem
from apps.worklist.calling import purpose_of
from apps.worklist.models import Attempt, CareTask

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class OrderLine:
    order: Order
    sign: Sign


@dataclass(frozen=True)
class CustomerCard:
    customer: Customer
    permission: Sign
    incidents: list[Incident]
    told: set[int]  # of which incidents this person may read what happened
    orders: list[OrderLine]
    last_words: FeedbackItem | None
    contacts: list[Attempt]
    closed_notes: set[int]  # of which contacts this person may not read the notes
    given: list[Offer]


def card_of(task: CareTask, *, user: User, today: date, now: datetime) -> CustomerCard:
    customer = task.customer
    said = FeedbackItem.objects.filter(customer=customer).exclude(text="")
    offers = Offer.objects.filter(incident__customer=customer, status="delivered")
    incidents = list(customer.incidents.filter(status="open").select_related("order", "colleague")[:3])
    tried = Attempt.objects.standing().filter(customer=customer).select_related("by", "task")
    contacts = list(tried.order_by("-ended_at")[:5])

    def may_read(incident: Incident) -> bool:
        return may_see_detail(user, incident, works_it=_works(task, user, incident))

    return CustomerCard(
        customer=customer,
        permission=permission_sign(task, now),
        incidents=incidents,
        told={one.pk for one in incidents if may_read(one)},
        orders=[_order_line(order, today, now) for order in customer.orders.order_by("-placed_at")[:4]],
        last_words=said.order_by(F("received_at").desc()).first(),
        contacts=contacts,
        closed_notes=closed_notes(contacts, user=user, may_read=may_read),
        given=list(offers.filter(decided_at__gt=now - YEAR).select_related("incident")[:4]),
    )


def _works(task: CareTask, user: User, incident: Incident) -> bool:
    """Does this person hold the apology for it right now?"""
    enrolled = getattr(task, "enrollment", None)
    is_its_task = task.play == "apology" and enrolled is not None and enrolled.subject_id == incident.pk
    return is_its_task and task.held_by_id == user.pk


def permission_sign(task: CareTask, now: datetime) -> Sign:
    """May we call, for what this task is: the answer on record, with its source and day."""
    row = Permission.objects.filter(customer=task.customer, channel="phone", purpose=purpose_of(task)).first()
    if row is None or row.state == Permission.State.NEVER_ASKED:
        return Sign("phone", "May call: never asked, not refused")
    since = f"{row.at.day} {row.at:%b}" if row.at.year == now.year else f"{row.at:%b %Y}"
    origin = f", {row.origin[0].lower()}{row.origin[1:]}" if row.origin else ""
    if row.state == Permission.State.REFUSED:
        return Sign("nophone", f"Do not call: refused {since}{origin}", "alert")
    return Sign("tick", f"May call: given {since}{origin}", "good")


def _order_line(order: Order, today: date, now: datetime) -> OrderLine:
    return OrderLine(order, _delivery(order, today, now))


def _delivery(order: Order, today: date, now: datetime) -> Sign:
    if order.is_void:
        return Sign("x", "Cancelled")
    if order.delivered_at and order.delivered_at <= now:
        return Sign("tick", f"Delivered {_day(order.delivered_at, now)}", "good")
    if order.promised_on and order.promised_on < today:
        return Sign("alert", f"Promised {_day(order.promised_on, now)}, not there", "alert")
    if order.promised_on:
        return Sign("parcel", f"Promised {_day(order.promised_on, now)}")
    return Sign("parcel", f"Placed {_day(order.placed_at, now)}")


def _day(day: date, now: datetime) -> str:
    """`25 Feb`, and in another year than this one `27 Dec 2025`: no parcel of last year came today."""
    return f"{day.day} {day:%b}" if day.year == now.year else f"{day.day} {day:%b %Y}"

"""Incidents as people tell them: reported, resolved, opened again.

One incident per order. A stronger kind (see `STRENGTH`) absorbs a weaker one in the same row; a
weaker report leaves the kind and adds its words. What happens after an apology was delivered is a
case of its own, without an order: that order's row tells of what was already put right.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from apps.accounts.models import Shop, User
from apps.core.statuses import Conflict, advance, record
from apps.customers.models import Customer, Order
from apps.worklist.models import CareTask, TaskStatus
from apps.worklist.services import withdraw_tasks

from ..conflicts import being_told
from ..models import LIVE, Incident, IncidentStatus, Offer, OfferStatus
from ..models.incident import SEVERITIES
from ..permissions import may_report, may_resolve
from .refresh import refresh_offer, wait_for_approval
from .resolving import resolve, unresolve
from .voiding import release_if_approved, undecided

REASON_NEEDED = "Say why: the reason stays with the incident."
NOT_YOURS_TO_REPORT = "Reps and managers report a problem. Tell one of them."
ONLY_MANAGERS = "A manager closes or reopens an incident. Ask one of your team."
NOT_THEIR_ORDER = "That order belongs to another customer."
BUSY = "Somebody else reported this order a moment ago. Load the page again to see it."


def report_incident(
    customer: Customer,
    *,
    kind: str,
    severity: str,
    detail: str,
    by: User,
    now: datetime,
    order: Order | None = None,
) -> Incident:
    """A person saw that we failed: make the order's incident, or add to it."""
    if not may_report(by):
        raise PermissionDenied(NOT_YOURS_TO_REPORT)
    if order is None:
        return _open_case(customer, None, kind, severity, detail, by, now)
    if order.customer_id != customer.pk:
        raise ValueError(NOT_THEIR_ORDER)
    with transaction.atomic():
        # first the offer, then the incident, as whoever decides on it does
        list(Offer.objects.filter(incident__order=order).select_for_update(of=("self",)).values_list("pk"))
        known = Incident.objects.select_for_update(of=("self",)).filter(order=order).first()
        if known is None:
            return _open_order(customer, order, kind, severity, detail, by, now)
        if known.offers.filter(status=OfferStatus.DELIVERED).exists():
            detail = f"Order {order.external_id}, again: {detail}"
            return _open_case(customer, None, kind, severity, detail, by, now)
        return _absorb(known, kind, severity, detail, by, now)


def resolve_incident(incident: Incident, *, reason: str, by: User | None, now: datetime) -> None:
    """Nothing more is owed, and why: its task and its offer are withdrawn. `by=None` is the system."""
    if by and not may_resolve(by):
        raise PermissionDenied(ONLY_MANAGERS)
    if not reason.strip():
        raise ValueError(REASON_NEEDED)
    with transaction.atomic():
        live = incident.offers.filter(status__in=LIVE).select_for_update(of=("self",))
        for offer in live.select_related("task__held_by"):
            if offer.task and offer.task.status == TaskStatus.HELD:
                raise Conflict(being_told(offer.task.held_by))
            release_if_approved(offer, by=by, now=now, reason="Nothing is owed")
            advance(offer, OfferStatus.WITHDRAWN, by=by, now=now, reason=reason[:200])
        tasks = CareTask.objects.filter(play="apology", enrollment__subject_id=incident.pk)
        withdraw_tasks(tasks, reason=reason[:120], now=now, by=by)
        resolve(incident, reason=reason.strip(), by=by, now=now)


def reopen_incident(incident: Incident, *, reason: str, by: User, now: datetime) -> None:
    """It is owed after all: the offer is to be decided again, and its task waits for that."""
    if not may_resolve(by):
        raise PermissionDenied(ONLY_MANAGERS)
    with transaction.atomic():
        unresolve(incident, reason=reason, by=by, now=now)
        offer = incident.offers.select_related("task").order_by("-proposed_at").first()
        if offer and offer.status in {OfferStatus.DECLINED, OfferStatus.WITHDRAWN}:
            _wait_again(offer, by=by, now=now)


def _wait_again(offer: Offer, *, by: User, now: datetime) -> None:
    advance(offer, OfferStatus.PROPOSED, by=by, now=now, reason="incident reopened", changes=undecided())
    if offer.task_id:
        wait_for_approval(offer.task_id, by=by, now=now, reason="incident reopened")


def _open_case(
    customer: Customer, order: Order | None, kind: str, severity: str, detail: str, by: User, now: datetime
) -> Incident:
    incident = Incident.objects.create(
        customer=customer,
        order=order,
        kind=kind,
        severity=severity,
        detail=detail.strip(),
        known_on=now.astimezone(Shop.current().zone).date(),
        detected_at=now,
        reported_by=by,
    )
    record(incident, "reported", by=by, now=now, to_status=IncidentStatus.OPEN, kind=kind, severity=severity)
    return incident


def _open_order(
    customer: Customer, order: Order, kind: str, severity: str, detail: str, by: User, now: datetime
) -> Incident:
    try:
        with transaction.atomic():
            return _open_case(customer, order, kind, severity, detail, by, now)
    except IntegrityError as error:
        raise Conflict(BUSY) from error


def _absorb(incident: Incident, kind: str, severity: str, detail: str, by: User, now: datetime) -> Incident:
    """A stronger kind takes over and counts from today; the graver severity and all words stay."""
    unresolve(incident, reason="reported again", by=by, now=now)
    was, is_stronger = incident.kind, incident.is_stronger(kind)
    incident.severity = max(incident.severity, severity, key=SEVERITIES.index)
    incident.detail = "\n".join(filter(None, [incident.detail, detail.strip()]))
    incident.reported_by = by
    if is_stronger:
        incident.kind = kind
        incident.known_on = now.astimezone(Shop.current().zone).date()
    incident.save(update_fields=["kind", "severity", "detail", "reported_by", "known_on"])
    verb = "absorbed" if is_stronger else "reported again"
    record(incident, verb, by=by, now=now, kind=kind, was=was, severity=severity)
    refresh_offer(incident, by=by, now=now)
    return incident

"""Incidents as people tell them: reported, resolved, opened again.

One incident per order, and per feedback item. A stronger kind (see `STRENGTH`) absorbs a weaker one in the
same row; a weaker report leaves the kind and adds its words; one that says nothing new changes nothing. What
happens after an apology was delivered is a row of its own that follows the order's, which tells of what was
already put right.

The colleague who was rude stands in the row alone, never in the Event log. Who told of it first stays its
reporter: a later report hands the private words to nobody, and takes them from nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from apps.accounts.models import Shop, User
from apps.core.logged import logged
from apps.core.statuses import Conflict, advance, record
from apps.customers.models import Customer, Order
from apps.feedback.models import FeedbackItem
from apps.worklist.models import CareTask
from apps.worklist.services import withdraw_tasks

from ..conflicts import check_not_told
from ..models import (
    LIVE,
    CustomerEffort,
    Incident,
    IncidentKind,
    IncidentStatus,
    Offer,
    OfferStatus,
    Responsibility,
)
from ..models.incident import EFFORTS, RESPONSIBILITIES, SEVERITIES
from ..permissions import may_report, may_resolve, why_not_resolve
from .delivery import end_with_letter, is_out
from .following import first_of, open_cases_of
from .locking import lock_offers_of, locked_incident
from .refresh import decide_again, refresh_offer
from .resolving import resolve, unresolve
from .telling import keep_told, lock_item, told_by
from .voiding import release_if_approved

REASON_NEEDED = "Say why: the reason stays with the incident."
NOT_YOURS_TO_REPORT = "Reps and managers report a problem. Tell one of them."
NOT_THEIR_ORDER = "That order belongs to another customer."
PUT_RIGHT = (
    "We apologised already for what they wrote here. If something new went wrong, report it on the "
    "customer’s page."
)
BUSY = "Somebody else reported this order a moment ago. Load the page again to see it."


class Told(TypedDict):
    """What a person tells of a failure. Only rude treatment names a colleague."""

    kind: str
    severity: str
    detail: str
    responsibility: NotRequired[str]
    customer_effort: NotRequired[str]
    colleague: NotRequired[User | None]
    feedback: NotRequired[FeedbackItem | None]


@dataclass(frozen=True)
class Report:
    """A failure as it was told, and by whom."""

    told: Told
    by: User
    now: datetime

    @property
    def detail(self) -> str:
        return self.told["detail"].strip()

    @property
    def colleague(self) -> User | None:
        return self.told.get("colleague") if self.told["kind"] == IncidentKind.RUDE else None

    @property
    def feedback(self) -> FeedbackItem | None:
        return self.told.get("feedback")

    @property
    def responsibility(self) -> str:
        return self.told.get("responsibility", Responsibility.WHOLE)

    @property
    def customer_effort(self) -> str:
        return self.told.get("customer_effort", CustomerEffort.NONE)


def report_incident(
    customer: Customer, *, by: User, now: datetime, order: Order | None = None, **told: Unpack[Told]
) -> Incident:
    """A person saw that we failed: make the order's incident, or add to it."""
    if not may_report(by):
        raise PermissionDenied(NOT_YOURS_TO_REPORT)
    if order and order.customer_id != customer.pk:
        raise ValueError(NOT_THEIR_ORDER)
    report = Report(told, by, now)
    with transaction.atomic():
        incident = _reported_from(report.feedback, report) if report.feedback else None
        incident = incident or _reported(customer, order, report)
        if report.feedback:
            keep_told(report.feedback, incident, by=by, now=now)
    return incident


def resolve_incident(incident: Incident, *, reason: str, by: User | None, now: datetime) -> None:
    """Nothing more is owed, and why: its task and its offer are withdrawn. `by=None` is the system."""
    with transaction.atomic():
        _lock(incident, by=by)
        if not reason.strip():
            raise ValueError(REASON_NEEDED)
        for offer in incident.offers.filter(status__in=LIVE).select_related("task__held_by"):
            check_not_told(offer)
            _end(offer, reason=reason, by=by, now=now)
        tasks = CareTask.objects.filter(play="apology", enrollment__subject_id=incident.pk)
        withdraw_tasks(tasks, reason=reason[:120], now=now, by=by)
        resolve(incident, reason=reason.strip(), by=by, now=now)


def reopen_incident(incident: Incident, *, reason: str, by: User, now: datetime) -> None:
    """It is owed after all: the offer is to be decided again, and its task waits for that."""
    with transaction.atomic():
        _lock(incident, by=by)
        if incident.status == IncidentStatus.OPEN:
            return
        unresolve(incident, reason=reason, by=by, now=now)
        offer = incident.offers.select_related("task").order_by("-proposed_at").first()
        if offer and offer.status in {OfferStatus.DECLINED, OfferStatus.WITHDRAWN}:
            decide_again(offer, by=by, now=now, reason="incident reopened")


def _lock(incident: Incident, *, by: User | None) -> None:
    """Lock its offers and read it anew; raises PermissionDenied where it is not for `by` to close or open."""
    lock_offers_of([incident.pk])
    incident.refresh_from_db()
    if by and not may_resolve(by, incident):
        raise PermissionDenied(why_not_resolve(by))


def _reported_from(item: FeedbackItem, report: Report) -> Incident | None:
    """Added to what this item told of before; None where it is the first time."""
    lock_item(item)
    told = told_by(item)
    known = locked_incident(Incident.objects.filter(pk=told.pk)) if told else None
    if known is None:
        return None
    if _is_put_right(known):
        raise Conflict(PUT_RIGHT)
    return _absorb(known, report)


def _reported(customer: Customer, order: Order | None, report: Report) -> Incident:
    if order is None:
        return _open(customer, None, report)
    first = locked_incident(first_of(order))
    if first is None:
        return _open_order(customer, order, report)
    if not _is_put_right(first):
        return _absorb(first, report)
    later = locked_incident(open_cases_of(first))
    return _absorb(later, report) if later else _open(customer, order, report, follows=first)


def _is_put_right(incident: Incident) -> bool:
    """They have heard our apology for it."""
    return incident.offers.filter(status=OfferStatus.DELIVERED).exists()


def _end(offer: Offer, *, reason: str, by: User | None, now: datetime) -> None:
    """What a letter gave that is out already stays given."""
    if offer.status == OfferStatus.APPROVED and is_out(offer):
        end_with_letter(offer, by=by, now=now)
        return
    release_if_approved(offer, by=by, now=now, reason="Nothing is owed")
    advance(offer, OfferStatus.WITHDRAWN, by=by, now=now, reason=reason[:200])


def _open(
    customer: Customer, order: Order | None, report: Report, *, follows: Incident | None = None
) -> Incident:
    told = report.told
    incident = Incident.objects.create(
        customer=customer,
        order=order,
        follows=follows,
        kind=told["kind"],
        severity=told["severity"],
        detail=report.detail,
        tells_of_treatment=told["kind"] == IncidentKind.RUDE,
        responsibility=report.responsibility,
        customer_effort=report.customer_effort,
        colleague=report.colleague,
        feedback=report.feedback,
        known_on=Shop.current().day_of(report.now),
        detected_at=report.now,
        reported_by=report.by,
    )
    said = {"kind": told["kind"], "severity": told["severity"]}
    _record(incident, "reported", report, to_status=IncidentStatus.OPEN, **said)
    return incident


def _open_order(customer: Customer, order: Order, report: Report) -> Incident:
    try:
        with transaction.atomic():
            return _open(customer, order, report)
    except IntegrityError as error:
        raise Conflict(BUSY) from error


def _absorb(incident: Incident, report: Report) -> Incident:
    """A stronger kind takes over and counts from today; what is graver stays, and so do all words."""
    changes = _with_report(incident, report)
    is_known = all(getattr(incident, name) == value for name, value in changes.items())
    if is_known and incident.status == IncidentStatus.OPEN:
        return incident
    unresolve(incident, reason="reported again", by=report.by, now=report.now)
    was, is_stronger = incident.kind, "known_on" in changes
    for name, value in changes.items():
        setattr(incident, name, value)
    incident.save(update_fields=list(changes))
    said = {"kind": report.told["kind"], "was": was, "severity": report.told["severity"]}
    _record(incident, "absorbed" if is_stronger else "reported again", report, **said)
    refresh_offer(incident, by=report.by, now=report.now)
    return incident


def _with_report(incident: Incident, report: Report) -> dict[str, Any]:
    """The incident's fields as they are with this report."""
    told = report.told
    parts = (incident.responsibility, report.responsibility)
    efforts = (incident.customer_effort, report.customer_effort)
    is_new = report.detail not in incident.detail
    changes: dict[str, Any] = {
        "severity": max(incident.severity, told["severity"], key=SEVERITIES.index),
        "responsibility": max(parts, key=RESPONSIBILITIES.index),
        "customer_effort": max(efforts, key=EFFORTS.index),
        "detail": "\n".join(filter(None, [incident.detail, report.detail if is_new else ""])),
        "colleague": incident.colleague or report.colleague,
        "feedback": incident.feedback or report.feedback,
        "reported_by": incident.reported_by if incident.is_private else report.by,
        "tells_of_treatment": incident.is_private or told["kind"] == IncidentKind.RUDE,
    }
    if incident.is_stronger(told["kind"]):
        changes |= {"kind": told["kind"], "known_on": Shop.current().day_of(report.now)}
    return changes


def _record(incident: Incident, verb: str, report: Report, *, to_status: str = "", **said: str) -> None:
    kept = logged(incident)
    record(incident, verb, by=report.by, now=report.now, to_status=to_status, set=kept, **said)

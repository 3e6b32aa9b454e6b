"""The system's proposals: an offer for each apology task that waits without one."""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

from apps.accounts.models import Shop
from apps.campaigns.expressions import MoneyText
from apps.campaigns.ledger import insert_select
from apps.core.models import Event
from apps.worklist.models import CareTask, Reach, TaskStatus

from ..amounts import default_amount
from ..letters import compose, facts_of
from ..models import Compensation, Incident, IncidentStatus, Offer, OfferStatus

CHUNK = 1000
# What a letter and its amount are made from
SAID = [
    *("kind", "severity", "customer", "customer__name", "customer__called"),
    *("order", "order__external_id", "order__promised_on", "order__total"),
]


def propose_missing_offers(*, now: datetime) -> int:
    """Words, a coupon and a call for each waiting apology task: how many were proposed.

    Twice at once is safe: a task has one offer, an incident one that lives. A chunk that another
    pass was faster with is left to it.
    """
    shop = Shop.current()
    return sum(_propose(tasks, shop, now) for tasks in _chunks(_without_offer()))


def _without_offer() -> QuerySet[CareTask]:
    waiting = CareTask.objects.filter(play="apology", status=TaskStatus.WAITING, offer=None)
    waiting = waiting.annotate(incident_id=F("enrollment__subject_id"))
    return waiting.only("reach", "due_at").order_by("pk")


def _chunks(tasks: QuerySet[CareTask]) -> Iterator[list[CareTask]]:
    last = 0
    while chunk := list(tasks.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield chunk


def _propose(tasks: list[CareTask], shop: Shop, now: datetime) -> int:
    by_incident = {task.incident_id: task for task in tasks if task.incident_id}  # type: ignore[attr-defined]
    incidents = (
        Incident.objects.filter(pk__in=by_incident, status=IncidentStatus.OPEN)
        .exclude(offers__status__in=["proposed", "returned", "approved", "delivered"])
        .select_related("customer", "order")
        .only(*SAID)
    )
    offers = [_offer(incident, by_incident[incident.pk], shop, now) for incident in incidents]
    if not offers:
        return 0
    try:
        with transaction.atomic():
            made = Offer.objects.bulk_create(offers)
            _record(made, now)
    except IntegrityError:
        return 0
    return len(made)


def _offer(incident: Incident, task: CareTask, shop: Shop, now: datetime) -> Offer:
    total = incident.order.total if incident.order else None
    amount = default_amount(incident.severity, total, shop.currency)
    by_phone = task.reach == Reach.PHONE
    facts = facts_of(incident, amount=amount, currency=shop.currency, shop=shop.name, by_phone=by_phone)
    return Offer(
        incident=incident,
        task=task,
        status=OfferStatus.PROPOSED,
        words=compose(facts),
        compensation=Compensation.COUPON,
        amount=amount,
        currency=shop.currency,
        channel=task.reach,
        proposed_at=now,
        due_at=task.due_at,
    )


def _record(made: list[Offer], now: datetime) -> None:
    """One Event for each offer, without passing through Python again."""
    insert_select(
        Offer.objects.filter(pk__in=[offer.pk for offer in made]),
        Event,
        {
            "at": now,
            "subject": Offer._meta.label_lower,
            "subject_id": F("pk"),
            "verb": OfferStatus.PROPOSED.value,
            "to_status": OfferStatus.PROPOSED.value,
            "data": JSONObject(amount=MoneyText("amount"), compensation="compensation"),
        },
    )

"""The system's proposals: an offer for each apology task that waits without one."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet
from django.db.models.functions import JSONObject

from apps.accounts.models import Shop
from apps.campaigns.expressions import MoneyText
from apps.campaigns.ledger import insert_joined, insert_select
from apps.core.models import Event
from apps.core.staging import Stage, column_types
from apps.customers.models import first_name_of
from apps.language import IncidentFacts
from apps.worklist.models import CareTask, Reach, TaskStatus

from ..amounts import default_amount
from ..clock import apology_clock
from ..letters import compose, has_arrived
from ..models import LIVE, CompensationKind, Incident, IncidentStatus, Offer, OfferStatus

CHUNK = 5000
Due = Callable[[datetime, str], datetime]
Tasks = dict[int, tuple[int, str]]  # key of the incident to key and reach of its task
# What a letter and its amount are made from
SAID = [
    *("pk", "kind", "severity", "detected_at", "customer__called", "customer__name"),
    *("order__external_id", "order__promised_on", "order__delivered_at", "order__total"),
]
MADE = ["incident_id", "task_id", "words", "amount", "for_arrived", "due_at"]


def propose_missing_offers(*, now: datetime) -> int:
    """Words, a coupon and a call for each waiting apology task: how many were proposed.

    A task whose offer a person withdrew gets no other one by itself: it would be the same again.

    Twice at once is safe: the second waits for the first, and finds that nothing is missing.
    """
    shop = Shop.current()
    due = apology_clock(shop)
    return sum(_propose(tasks, shop, due, now) for tasks in _chunks(_without_offer()))


def _without_offer() -> QuerySet[CareTask, Any]:
    waiting = CareTask.objects.filter(play="apology", status=TaskStatus.WAITING, offer=None)
    return waiting.order_by("pk").values_list("pk", "reach", "enrollment__subject_id")


def _chunks(tasks: QuerySet[CareTask, Any]) -> Iterator[Tasks]:
    last = 0
    while chunk := list(tasks.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1][0]
        yield {incident: (pk, reach) for pk, reach, incident in chunk if incident}


@transaction.atomic
def _propose(tasks: Tasks, shop: Shop, due: Due, now: datetime) -> int:
    incidents = Incident.objects.filter(pk__in=tasks, status=IncidentStatus.OPEN)
    list(incidents.order_by("pk").select_for_update().values_list("pk"))
    missing = incidents.exclude(offers__status__in=[*LIVE, OfferStatus.DELIVERED])
    rows = [
        [*_row(incident, *tasks[incident.pk], shop, now), _due(incident, due)]
        for incident in missing.values_list(*SAID, named=True)
    ]
    if rows:
        newest = Offer.objects.aggregate(newest=Max("pk"))["newest"] or 0
        _write(rows, shop, now)
        mine = Offer.objects.filter(pk__gt=newest, task_id__in=[task for _, task, *_ in rows])
        _record(mine, now)
    return len(rows)


def _row(incident: Any, task: int, reach: str, shop: Shop, now: datetime) -> list[Any]:
    """The values of the columns `MADE`, but for the last."""
    amount = default_amount(incident.severity, incident.order__total, shop.currency)
    facts = IncidentFacts(
        kind=incident.kind,
        key=incident.pk,
        first_name=first_name_of(incident.customer__called, incident.customer__name),
        order=incident.order__external_id or "",
        promised_on=incident.order__promised_on,
        by_phone=reach == Reach.PHONE,
        has_arrived=has_arrived(incident.kind, incident.order__delivered_at, now),
    )
    words = compose(facts, severity=incident.severity, amount=amount, currency=shop.currency, shop=shop.name)
    return [incident.pk, task, words, amount, facts.has_arrived]


def _due(incident: Any, due: Due) -> Any:
    """As the database writes a moment."""
    return connection.ops.adapt_datetimefield_value(due(incident.detected_at, incident.severity))


def _write(rows: list[list[Any]], shop: Shop, now: datetime) -> None:
    """The offers, by a table to join: as objects they would take four times as long."""
    made = Stage("offers_to_propose", column_types(Offer, MADE))
    made.make()
    made.load(made.pack(rows))
    insert_joined(
        Offer,
        {
            "incident_id": "m.incident_id",
            "task_id": "m.task_id",
            "for_kind": "i.kind",
            "for_severity": "i.severity",
            "for_known_on": "i.known_on",
            "for_arrived": "m.for_arrived",
            "status": ("%s", (OfferStatus.PROPOSED.value,)),
            "words": "m.words",
            "compensation": ("%s", (CompensationKind.COUPON.value,)),
            "amount": "m.amount",
            "currency": ("%s", (shop.currency,)),
            "channel": "t.reach",
            "proposed_at": ("%s", (connection.ops.adapt_datetimefield_value(now),)),
            "due_at": "m.due_at",
        },
        (
            f"{made.name} m JOIN {CareTask._meta.db_table} t ON t.id = m.task_id "
            f"JOIN {Incident._meta.db_table} i ON i.id = m.incident_id ORDER BY t.id",
            (),
        ),
    )
    made.drop()


def _record(made: QuerySet[Offer], now: datetime) -> None:
    """One Event for each offer, without passing through Python again."""
    insert_select(
        made,
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

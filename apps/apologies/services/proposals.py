"""The system's proposals: an offer for each apology task that waits without one."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet

from apps.accounts.models import Shop
from apps.campaigns.ledger import insert_joined, insert_select
from apps.core.logged import logged_columns
from apps.core.models import Event
from apps.core.staging import Stage, column_types
from apps.customers.models import first_name_of
from apps.language import IncidentFacts, Remedy
from apps.worklist.models import CareTask, TaskStatus

from ..authors import joined
from ..clock import apology_clock
from ..earlier import given_within_a_year
from ..letters import compose, has_arrived, is_asked_in_call, what_changed
from ..models import LIVE, Incident, IncidentStatus, Offer, OfferStatus
from ..remedies import RemedyFacts, gift_for, given_before
from ..ways import MAIL_CLOSED, POST_CLOSED, letter_way

CHUNK = 5000
Due = Callable[[datetime, str], datetime]
Tasks = dict[int, tuple[int, str]]  # key of the incident to key and reach of its task
# What a letter and its amount are made from
SAID = [
    *("pk", "kind", "severity", "detected_at", "customer__called", "customer__name"),
    *("order__external_id", "order__promised_on", "order__delivered_at", "order__total"),
    *("customer__email", "customer__postcode", "customer__city"),
    *(
        "customer_id",
        "order_id",
        "follows_id",
        "responsibility",
        "customer_effort",
        "cause__remedy",
        "cause__amount",
    ),
    *("cause__improvement__title", "cause__improvement__done_on", "cause__improvement__owner"),
    *("cause__decided_by", "cause__departure"),
]
MADE = [
    *("incident_id", "task_id", "words", "compensation", "amount", "letter_by", "for_arrived"),
    *("departure", "authors", "due_at"),
]


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
    closed = missing.annotate(mail_closed=MAIL_CLOSED, post_closed=POST_CLOSED)
    found = list(closed.values_list(*SAID, "mail_closed", "post_closed", named=True))
    earlier = given_within_a_year({incident.customer_id for incident in found}, now=now) if found else {}
    for_order = given_before(found)
    rows = [
        [
            *_row(
                incident,
                *tasks[incident.pk],
                _remedy_facts(incident, earlier, for_order, shop.currency),
                shop,
                now,
            ),
            _due(incident, due),
        ]
        for incident in found
    ]
    if rows:
        newest = Offer.objects.aggregate(newest=Max("pk"))["newest"] or 0
        _write(rows, shop, now)
        mine = Offer.objects.filter(pk__gt=newest, task_id__in=[task for _, task, *_ in rows])
        _record(mine, now)
    return len(rows)


def _row(incident: Any, task: int, reach: str, facts: RemedyFacts, shop: Shop, now: datetime) -> list[Any]:
    """The values of the columns `MADE`, but for the last."""
    gift = gift_for(facts, by_cause=_given_by_cause(incident, facts))
    way = letter_way(
        reach,
        by_mail=bool(incident.customer__email) and not incident.mail_closed,
        by_post=bool(incident.customer__postcode and incident.customer__city) and not incident.post_closed,
    )
    arrived = has_arrived(incident.kind, incident.order__delivered_at, now)
    happened = IncidentFacts(
        kind=incident.kind,
        key=incident.pk,
        first_name=first_name_of(incident.customer__called, incident.customer__name),
        order=incident.order__external_id or "",
        promised_on=incident.order__promised_on,
        by_phone=is_asked_in_call(reach, letter_by=way, letter_first=False),
        has_arrived=arrived,
        changed=what_changed(
            incident.cause__improvement__title, incident.cause__improvement__done_on, today=shop.day_of(now)
        ),
    )
    words = compose(happened, gift, earlier=facts.earlier, severity=incident.severity, shop=shop.name)
    return [incident.pk, task, words, gift.kind, gift.amount, way, arrived, *_by_cause(incident)]


def _by_cause(incident: Any) -> tuple[str, str]:
    """Its departure and its authors: of who decided for its cause, and of what its letter promises."""
    is_decided = bool(incident.cause__remedy and incident.cause__amount)
    decides = incident.cause__decided_by if is_decided else None
    departure = incident.cause__departure if is_decided else ""
    return departure or "", joined([decides, incident.cause__improvement__owner])


def _remedy_facts(
    incident: Any, earlier: Mapping[int, tuple[Remedy, ...]], for_order: Mapping[int, Decimal], currency: str
) -> RemedyFacts:
    return RemedyFacts(
        severity=incident.severity,
        order_total=incident.order__total,
        currency=currency,
        responsibility=incident.responsibility,
        effort=incident.customer_effort,
        earlier=earlier.get(incident.customer_id, ()),
        for_order=for_order.get(incident.pk, Decimal(0)),
    )


def _given_by_cause(incident: Any, facts: RemedyFacts) -> tuple[str, Decimal] | None:
    if not (incident.cause__remedy and incident.cause__amount):
        return None
    return incident.cause__remedy, facts.inside_rail(incident.cause__amount)


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
            "compensation": "m.compensation",
            "amount": "m.amount",
            "cost": "m.amount",
            "currency": ("%s", (shop.currency,)),
            "channel": "t.reach",
            "letter_by": "m.letter_by",
            "departure": "m.departure",
            "authors": "m.authors",
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
            "data": logged_columns(Offer),
        },
    )

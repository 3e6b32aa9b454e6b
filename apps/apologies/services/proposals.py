"""The system's proposals: an offer for each apology task that waits without one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

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
    *("customer_id", "order_id", "follows_id", "responsibility", "customer_effort"),
    *("cause__remedy", "cause__amount", "cause__decided_by", "cause__departure"),
    *("cause__improvement__title", "cause__improvement__done_on", "cause__improvement__owner"),
]


class Made(NamedTuple):
    """What is made here of an offer; the rest is read from its incident and its task where it is written."""

    incident_id: int
    task_id: int
    words: str
    compensation: str
    amount: Decimal | None
    letter_by: str
    for_arrived: bool
    departure: str
    authors: str
    due_at: Any  # as the database writes a moment


@dataclass(frozen=True)
class Chunk:
    """What is known beside the incidents of a chunk.

    tasks: by incident; earlier: what came with each apology of twelve months, by customer; for_order: what is
    given for the order already, by incident that follows another.
    """

    shop: Shop
    due: Due
    now: datetime
    tasks: Tasks
    earlier: Mapping[int, tuple[Remedy, ...]]
    for_order: Mapping[int, Decimal]


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
    incidents = _locked(tasks)
    if not incidents:
        return 0
    chunk = Chunk(
        shop=shop,
        due=due,
        now=now,
        tasks=tasks,
        earlier=given_within_a_year({incident.customer_id for incident in incidents}, now=now),
        for_order=given_before(incidents),
    )
    made = [_offer(incident, chunk) for incident in incidents]
    newest = Offer.objects.aggregate(newest=Max("pk"))["newest"] or 0
    _write(made, shop, now)
    _record(Offer.objects.filter(pk__gt=newest, task_id__in=[offer.task_id for offer in made]), now)
    return len(made)


def _locked(tasks: Tasks) -> list[Any]:
    """What is `SAID` of the incidents of these tasks that are open and have no offer."""
    incidents = Incident.objects.filter(pk__in=tasks, status=IncidentStatus.OPEN)
    list(incidents.order_by("pk").select_for_update().values_list("pk"))
    missing = incidents.exclude(offers__status__in=[*LIVE, OfferStatus.DELIVERED])
    closed = missing.annotate(mail_closed=MAIL_CLOSED, post_closed=POST_CLOSED)
    return list(closed.values_list(*SAID, "mail_closed", "post_closed", named=True))


def _offer(incident: Any, chunk: Chunk) -> Made:
    """The offer of one of these incidents."""
    task, reach = chunk.tasks[incident.pk]
    facts = _remedy_facts(incident, chunk)
    gift = gift_for(facts, by_cause=_given_by_cause(incident, facts))
    way = _letter_way(incident, reach)
    in_call = is_asked_in_call(reach, letter_by=way, letter_first=False)
    happened = _happened(incident, chunk, by_phone=in_call)
    return Made(
        incident_id=incident.pk,
        task_id=task,
        words=compose(
            happened, gift, earlier=facts.earlier, severity=incident.severity, shop=chunk.shop.name
        ),
        compensation=gift.kind,
        amount=gift.amount,
        letter_by=way,
        for_arrived=happened.has_arrived,
        departure=_departure(incident),
        authors=_authors(incident),
        due_at=connection.ops.adapt_datetimefield_value(chunk.due(incident.detected_at, incident.severity)),
    )


def _remedy_facts(incident: Any, chunk: Chunk) -> RemedyFacts:
    return RemedyFacts(
        severity=incident.severity,
        order_total=incident.order__total,
        currency=chunk.shop.currency,
        responsibility=incident.responsibility,
        effort=incident.customer_effort,
        earlier=chunk.earlier.get(incident.customer_id, ()),
        for_order=chunk.for_order.get(incident.pk, Decimal(0)),
    )


def _happened(incident: Any, chunk: Chunk, *, by_phone: bool) -> IncidentFacts:
    title, done_on = incident.cause__improvement__title, incident.cause__improvement__done_on
    return IncidentFacts(
        kind=incident.kind,
        key=incident.pk,
        first_name=first_name_of(incident.customer__called, incident.customer__name),
        order=incident.order__external_id or "",
        promised_on=incident.order__promised_on,
        by_phone=by_phone,
        has_arrived=has_arrived(incident.kind, incident.order__delivered_at, chunk.now),
        changed=what_changed(title, done_on, today=chunk.shop.day_of(chunk.now)),
    )


def _letter_way(incident: Any, reach: str) -> str:
    return letter_way(
        reach,
        by_mail=bool(incident.customer__email) and not incident.mail_closed,
        by_post=bool(incident.customer__postcode and incident.customer__city) and not incident.post_closed,
    )


def _is_decided(incident: Any) -> bool:
    """Does its cause say what everybody is given?"""
    return bool(incident.cause__remedy and incident.cause__amount)


def _given_by_cause(incident: Any, facts: RemedyFacts) -> tuple[str, Decimal] | None:
    if not _is_decided(incident):
        return None
    return incident.cause__remedy, facts.inside_rail(incident.cause__amount)


def _departure(incident: Any) -> str:
    return (incident.cause__departure or "") if _is_decided(incident) else ""


def _authors(incident: Any) -> str:
    """Who decided for its cause, and whose improvement its letter promises."""
    decides = incident.cause__decided_by if _is_decided(incident) else None
    return joined([decides, incident.cause__improvement__owner])


def _write(made: list[Made], shop: Shop, now: datetime) -> None:
    """The offers, by a table to join: as objects they would take four times as long."""
    stage = Stage("offers_to_propose", column_types(Offer, Made._fields))
    stage.make()
    stage.load(stage.pack(made))
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
            f"{stage.name} m JOIN {CareTask._meta.db_table} t ON t.id = m.task_id "
            f"JOIN {Incident._meta.db_table} i ON i.id = m.incident_id ORDER BY t.id",
            (),
        ),
    )
    stage.drop()


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

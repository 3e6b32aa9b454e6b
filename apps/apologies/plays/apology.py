from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject

from apps.apologies.detection import (
    KNOWN_DAYS,
    follow_orders,
    known_days,
    owing_orders,
    reported_incidents,
    stands_as,
    write_incidents,
)
from apps.apologies.models import Incident, IncidentKind, IncidentStatus
from apps.apologies.querysets import PRIVATE
from apps.apologies.services import (
    follow_apologised,
    propose_missing_offers,
    refresh_offers,
    reopen_founded,
    resolve_unfounded,
)
from apps.campaigns.expressions import MoneyText, local_day, start_of_day
from apps.campaigns.moment import Moment
from apps.campaigns.plays import Occasions, Play, Script, Stale
from apps.worklist.models import Reach, TaskStatus

RUDE = "We did not treat them well"
SHORT = {
    "late": "was late",
    "lost": "was lost on its way",
    "cancelled": "was cancelled by us",
    "wrong": "was not what they ordered",
    "broken": "came broken",
}


class Apology(Play):
    """An apology for what we failed: owned, approved by a manager, by call and letter. Owed."""

    code = "apology"
    name = "Apologies"
    matched = "We failed them in the last 29 days"
    owed = True
    hard = True
    counted_by_day = True
    task_status = TaskStatus.WAITING
    channels = (Reach.PHONE, Reach.EMAIL, Reach.POST)
    script = Script(
        goal="Own the fault, put it right, and leave them with a promise that is kept",
        opening_line=(
            "Good day, {first_name}, this is {rep} from {shop}. Order {order} went wrong. That is our fault, "
            "and I am sorry."
        ),
        talk_points=(
            "Say what went wrong in one plain sentence. No reasons, nobody else's fault.\n"
            "Ask: what did it cost you? Then listen to the end.\n"
            "Say what you get from us now, as it was approved, and when.\n"
            "Say what I will do next, and the day by which it is done.\n"
            "Ask: does that put it right?"
        ),
        minutes=10,
    )

    def candidates(self, moment: Moment) -> Sequence[Occasions]:
        return [self._from_orders(moment), self._reported(moment)]

    def _from_orders(self, moment: Moment) -> Occasions:
        return Occasions(
            rows=owing_orders(moment),
            customer_id=F("customer_id"),
            occasion=Concat(Value("incident:"), F("external_id")),
            kind=stands_as(moment),
            subject_id=F("incident__pk"),
            occurred_at=start_of_day("known_day", moment, back=KNOWN_DAYS),
            due_from=F("known_day"),
            facts=JSONObject(
                kind=stands_as(moment),
                order="external_id",
                items="items",
                total=MoneyText("total"),
                placed_on=local_day("placed_at", moment),
                promised_on="promised_on",
                delivered_on=Case(When(delivered_at__lte=moment.at, then=F("delivered_on"))),
                known_on="known_day",
            ),
        )

    def _reported(self, moment: Moment) -> Occasions:
        told_by_order = Exists(owing_orders(moment).filter(pk=OuterRef("order_id")))
        case = Concat(Value("case-"), Cast("pk", CharField()))
        is_first = Q(order__isnull=False, follows=None)
        return Occasions(
            rows=reported_incidents(moment).filter(
                ~Q(told_by_order, follows=None), known_on__range=known_days(moment)
            ),
            customer_id=F("customer_id"),
            occasion=Concat(
                Value("incident:"), Case(When(is_first, then=F("order__external_id")), default=case)
            ),
            kind=F("kind"),
            subject_id=F("pk"),
            occurred_at=start_of_day("known_on", moment, back=KNOWN_DAYS),
            due_from=F("known_on"),
            # a whole team reads this list: private words are not told in it
            facts=JSONObject(
                kind="kind",
                detail=Case(When(PRIVATE, then=Value("")), default=F("detail"), output_field=TextField()),
                order=Coalesce(F("order__external_id"), Value("")),
                items=Coalesce(F("order__items"), Value("")),
                total=MoneyText("order__total"),
                known_on="known_on",
            ),
        )

    def why(self, facts: Mapping[str, Any]) -> str:
        kind, order = facts.get("kind", ""), facts.get("order")
        if order and kind in SHORT:
            return f"Order {order} {SHORT[kind]}"
        if kind == IncidentKind.RUDE:
            return RUDE
        return facts.get("detail") or "We let them down"

    def stale(self, moment: Moment) -> Sequence[Stale]:
        incident = Incident.objects.filter(pk=OuterRef("subject_id"))
        resolved = incident.filter(status=IncidentStatus.RESOLVED, resolved_at__lte=moment.at)
        return [
            Stale("The incident was resolved", Exists(resolved)),
            Stale("The incident was removed", ~Exists(incident)),
        ]

    def prepare(self, moment: Moment) -> None:
        resolve_unfounded(now=moment.at)
        reopen_founded(owing_orders(moment), now=moment.at)
        follow_orders(moment)
        refresh_offers(now=moment.at)
        write_incidents(moment)
        follow_apologised(moment)

    def after_tasks(self, moment: Moment) -> None:
        propose_missing_offers(now=moment.at)

"""What holds of incidents, offers and compensations after whatever was done, in whatever order."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from apps.apologies.authors import keys_of
from apps.apologies.models import LIVE, UNDECIDED, Compensation, Incident, LedgerEntry, Offer
from apps.apologies.models import Budget as BudgetRow
from apps.apologies.reconcile import reconcile
from apps.apologies.replay import REBUILT, differences
from apps.apologies.seal import is_intact
from apps.core.logged import as_logged, from_log
from apps.core.models import Event
from apps.worklist.models import CareTask

from .machine_world import CUSTOMER_YEAR, Picture

DECISIONS = {"seconding", "approved", "returned", "declined"}
ENDED = {"declined", "withdrawn"}
# Where the task of an offer may be, by the offer's status
PLACES = {
    "proposed": {"waiting"},
    "seconding": {"waiting"},
    "returned": {"waiting"},
    "approved": {"open", "held"},
    "delivered": {"done", "open", "held", "withdrawn"},  # open again: they answered
}
SUBJECTS = {model._meta.label_lower: model for model in REBUILT}


class Story:
    """The log, read as it grows: each row as its Events tell it, and whether they may follow each other."""

    def __init__(self) -> None:
        self.read = self.events = 0
        self.rows: defaultdict[tuple[str, int], dict[str, Any]] = defaultdict(dict)

    def go_on(self, seen: Picture) -> None:
        if seen.events == self.events:
            return
        self.events = seen.events
        events = Event.objects.filter(pk__gt=self.read, subject__in=SUBJECTS).order_by("pk")
        for event in events:
            self.read = event.pk
            known = self.rows[event.subject, event.subject_id]
            if event.to_status and known:
                _check_move(event, known)
            if event.from_status in UNDECIDED and event.to_status in DECISIONS:
                # an outcome that was taken back brings back the approval of whoever gave it
                decider = event.actor_id or event.data["set"].get("decided_by_id")
                assert decider is not None
                assert decider not in {known["proposed_by_id"], known["first_approved_by_id"]}
                assert decider not in keys_of(known["authors"])
            known.update(from_log(SUBJECTS[event.subject], event.data.get("set", {})))

    def check_against(self, seen: Picture) -> None:
        """What the log has told so far is what stands in the tables."""
        for model in REBUILT:
            for row in seen.of(model):
                told = self.rows[model._meta.label_lower, row["id"]]
                stands = {name: as_logged(row[name]) for name in model.LOGGED}  # type: ignore[attr-defined]
                assert told == stands


def _check_move(event: Event, known: dict[str, Any]) -> None:
    moves = SUBJECTS[event.subject].TRANSITIONS  # type: ignore[attr-defined]
    assert event.from_status == known["status"], event
    assert event.to_status in moves[event.from_status], event


def check_laws(seen: Picture) -> None:
    incidents = {row["id"]: row for row in seen.of(Incident)}
    tasks = {row["id"]: row for row in seen.of(CareTask)}
    for offer in seen.of(Offer):
        _check_offer(offer, incidents[offer["incident_id"]], tasks[offer["task_id"]])
    live = Counter(row["incident_id"] for row in seen.of(Offer) if row["status"] not in ENDED)
    assert max(live.values(), default=0) <= 1
    _check_given(seen)
    _check_money(seen)


def check_books() -> None:
    """What `manage.py reconcile` proves, and the whole log read anew: dearer than the laws."""
    assert [line for line in reconcile() if line.differences] == []
    assert [str(one) for one in differences()] == []


def _check_offer(offer: dict[str, Any], incident: dict[str, Any], task: dict[str, Any]) -> None:
    proposer, first, decider = (offer[f"{who}_by_id"] for who in ("proposed", "first_approved", "decided"))
    assert proposer is None or proposer not in {first, decider}
    assert first is None or first != decider
    status = offer["status"]
    closed = incident["status"] == "resolved"
    assert not (closed and status in LIVE), f"{status} offer of a resolved incident"
    if status in ENDED:
        places = {"withdrawn"} if closed else {"waiting"}
        assert not (status == "declined" and not closed), "declined, and still owed"
    else:
        places = PLACES[status]
        if status == "approved" and offer["letter_first"]:
            places = {*places, "waiting"}  # for its letter to be in the post
    assert task["status"] in places, f"{status} offer with a task that is {task['status']}"
    assert bool(offer["approved_hash"]) or status not in {"approved", "delivered"}
    if status in {"proposed", "seconding"}:
        assert (offer["approved_hash"], decider) == ("", None)


def _check_given(seen: Picture) -> None:
    live = [row for row in seen.of(Compensation) if row["status"] != "reversed"]
    assert max(Counter(row["offer_id"] for row in live).values(), default=0) <= 1
    sealed = {row["id"]: Offer(**row) for row in seen.of(Offer, "approved", "delivered")}
    assert all(map(is_intact, sealed.values()))
    for row in live:
        offer = sealed[row["offer_id"]]
        assert (row["kind"], row["amount"], row["cost"]) == (offer.compensation, offer.amount, offer.cost)


def _check_money(seen: Picture) -> None:
    """Counted anew from the entries alone: neither a budget nor a customer's year is exceeded by a cent."""
    budgets: Counter[int] = Counter()
    customers: Counter[int] = Counter()
    places = {"available": 0, "committed": 1, "outstanding": 1, "redeemed": 1, "expired": 0}
    incidents = {row["id"]: row["customer_id"] for row in seen.of(Incident)}
    customer_of = {row["id"]: incidents[row["incident_id"]] for row in seen.of(Offer)}
    for entry in seen.of(LedgerEntry):
        moved = int(entry["amount"] * 100) * (places[entry["to_account"]] - places[entry["from_account"]])
        customers[customer_of[entry["offer_id"]]] += moved
        if entry["budget_id"]:
            budgets[entry["budget_id"]] += moved
    for row in seen.of(BudgetRow):
        assert budgets[row["id"]] == (row["committed"] + row["spent"]) * 100
        assert row["committed"] + row["spent"] <= row["amount"]
    assert max(customers.values(), default=0) <= CUSTOMER_YEAR * 100
    assert Decimal(0) <= min([*budgets.values(), *customers.values()], default=Decimal(0))

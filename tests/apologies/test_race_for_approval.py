"""The real approval, sixty-four times at once: as many as fit, each once, and the log tells of it."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Role, Team, User
from apps.apologies.models import Compensation, Incident, Limit, Offer
from apps.apologies.refusals import Refused
from apps.apologies.replay import differences
from apps.apologies.services import (
    approve,
    decline,
    deliver_offer,
    edit_offer,
    hear_back,
    lapse_approvals,
    name_cause,
    refresh_offers,
    reopen_incident,
    report_incident,
    resolve_incident,
    withdraw_offer,
)
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.customers.models import Customer
from apps.worklist.models import Attempt, CareTask
from apps.worklist.services import CannotTake, CannotUndo, record_outcome, take, undo_outcome
from tests import factories

from .conftest import owe
from .money import make_budget, sums, write_down
from .test_race_for_money import MANY, balances, kinds
from .test_race_for_offer import Step, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.usefixtures("no_other_race"),
]
RELATED = ("task", "incident__order", "incident__customer")


def proposed(
    number: int, team: Team, now: datetime, customer: Customer | None = None, **fields: object
) -> None:
    """Offers of the system on waiting tasks, each with its incident, all of them in the log."""
    for _ in range(number):
        incident = factories.make_incident(customer)
        factories.make_offer(incident, task=owe(incident, team=team), **fields)
    write_down(now)


def managers(team: Team, number: int = MANY) -> list[User]:
    return [factories.make_user(Role.MANAGER, team=team) for _ in range(number)]


def approvals(offers: list[Offer], people: list[User], now: datetime) -> list[Step]:
    return [
        partial(approve, offer, by=by, now=now, version=offer.version)
        for offer, by in zip(offers, people, strict=True)
    ]


def each() -> list[Offer]:
    return list(Offer.objects.select_related(*RELATED).order_by("pk"))


def one(number: int = MANY) -> list[Offer]:
    """The only offer, as so many pages show it."""
    return [Offer.objects.select_related(*RELATED).get() for _ in range(number)]


def all_is_told() -> bool:
    return balances() and list(differences()) == []


def test_approvals_fill_a_budget_to_the_cent(team: Team, now: datetime) -> None:
    budget = make_budget("3.35", team=team)
    proposed(MANY, team, now, amount=Decimal("0.10"))
    raised = at_once(*approvals(each(), managers(team), now))
    assert kinds(raised) == {"NoneType": 33, "OverLimit": MANY - 33}
    assert sums(budget) == ("3.30", "0.00", "0.00", "0.00")
    assert Offer.objects.filter(status="approved", task__status="open").count() == 33
    assert Offer.objects.filter(status="proposed", task__status="waiting").count() == MANY - 33
    assert all_is_told()


def test_approvals_fill_a_customers_year(team: Team, now: datetime) -> None:
    """The first of two approvals is all there is yet: it counts."""
    Limit.objects.create(role=Role.MANAGER, customer_year=Decimal("100.00"), second_above=Decimal(20))
    customer = factories.make_customer()
    proposed(MANY // 2, team, now, customer, amount=Decimal("33.30"))
    proposed(MANY // 2, team, now, customer, amount=Decimal("20.05"))
    raised = at_once(*approvals(each(), managers(team), now))
    taken = Offer.objects.filter(status="seconding")
    total = sum(taken.values_list("amount", flat=True), Decimal(0))
    assert set(kinds(raised)) == {"NoneType", "OverLimit"}
    assert Decimal("100.00") - Decimal("20.05") < total <= Decimal("100.00")
    assert raised.count(None) == taken.count()
    assert all_is_told()


def test_one_offer_takes_a_first_a_second_and_a_delivery_once(team: Team, rep: User, now: datetime) -> None:
    """Each of the three by sixty-four people at once, with the product's own question for a second."""
    Limit.objects.create(role=Role.MANAGER, second_above=Decimal(5))
    budget = make_budget("10.00", team=team)
    proposed(1, team, now)
    assert kinds(at_once(*approvals(one(), managers(team), now))) == {"NoneType": 1, "Conflict": MANY - 1}
    assert (one(1)[0].status, sums(budget)[0]) == ("seconding", "0.00")
    assert kinds(at_once(*approvals(one(), managers(team), now))) == {"NoneType": 1, "Conflict": MANY - 1}
    assert (one(1)[0].status, sums(budget)[0]) == ("approved", "10.00")
    deliveries = [partial(deliver_offer, offer, by=rep, now=now) for offer in one()]
    assert kinds(at_once(*deliveries)) == {"NoneType": 1, "Conflict": MANY - 1}
    assert Compensation.objects.count() == 1
    assert sums(budget) == ("0.00", "10.00", "0.00", "0.00")
    moves = Event.objects.filter(subject="apologies.offer").exclude(to_status="").order_by("pk")
    assert list(moves.values_list("to_status", flat=True)) == ["seconding", "approved", "delivered"]
    assert all_is_told()


REFUSALS = (Conflict, Refused, PermissionDenied, CannotTake, CannotUndo)
WORDS = {"words": "Sorry.", "compensation": "coupon", "departure": "Because"}


class Crowd:
    """People who do whatever they can with the same few offers, each in their own thread."""

    def __init__(self, seed: int, team: Team, now: datetime) -> None:
        self.chance, self.now, self.turns = random.Random(seed), now, 12
        self.managers, self.reps = managers(team, 4), [factories.make_user(team=team) for _ in range(2)]
        self.verbs: tuple[Callable[[], object], ...] = (
            *(self.approve, self.approve, self.edit, self.withdraw, self.decline, self.resolve, self.reopen),
            *(self.report, self.take, self.take, self.end, self.end, self.undo, self.answer, self.name),
            *(lambda: refresh_offers(now=self.now), lambda: lapse_approvals(now=self.now)),
        )

    def works(self) -> None:
        for _ in range(self.turns):
            with suppress(*REFUSALS, IndexError):
                self.chance.choice(self.verbs)()

    @property
    def offer(self) -> Offer:
        return self.chance.choice(each())

    @property
    def by(self) -> User:
        return self.chance.choice(self.managers)

    def approve(self) -> None:
        offer = self.offer
        approve(offer, by=self.by, now=self.now, version=offer.version)

    def edit(self) -> None:
        offer = self.offer
        edit_offer(offer, amount=Decimal(9), by=self.by, now=self.now, version=offer.version, **WORDS)

    def withdraw(self) -> None:
        offer = self.offer
        withdraw_offer(offer, by=self.by, now=self.now, version=offer.version, reason="No.")

    def decline(self) -> None:
        offer = self.offer
        decline(offer, by=self.by, now=self.now, version=offer.version, note="No.")

    def resolve(self) -> None:
        resolve_incident(self.offer.incident, reason="No", by=self.by, now=self.now)

    def reopen(self) -> None:
        reopen_incident(self.offer.incident, reason="Yes", by=self.by, now=self.now)

    def report(self) -> None:
        order = self.offer.incident.order
        assert order
        kind = self.chance.choice(["late", "wrong", "lost"])
        told = {"kind": kind, "severity": "serious", "detail": "Again."}
        report_incident(order.customer, order=order, by=self.by, now=self.now, **told)

    def name(self) -> None:
        name_cause(self.offer.incident, "Storm", by=self.by, now=self.now)

    def take(self) -> None:
        task = self.chance.choice(list(CareTask.objects.filter(status="open").select_related("customer")))
        take(task, by=self.chance.choice(self.reps), now=self.now)

    def end(self) -> None:
        task = self.chance.choice(list(CareTask.objects.filter(status="held").select_related("held_by")))
        if task.held_by:
            outcome = self.chance.choice(["talked", "no_answer", "problem_found", "do_not_call"])
            record_outcome(task, outcome=outcome, by=task.held_by, now=self.now + timedelta(seconds=5))

    def undo(self) -> None:
        attempt = Attempt.objects.select_related("task", "by").order_by("-pk")[0]
        assert attempt.by
        undo_outcome(attempt, by=attempt.by, now=self.now + timedelta(seconds=9))

    def answer(self) -> None:
        heard = list(Offer.objects.filter(status="delivered").select_related("incident", "task"))
        hear_back(self.chance.choice(heard), text="Thanks.", by=None, now=self.now)


def test_whoever_changes_the_same_few_offers_waits_and_never_in_a_circle(team: Team, now: datetime) -> None:
    """Decisions lock an offer first, calls their task, reports an incident: no deadlock comes of it."""
    make_budget("40.00", team=team)
    Limit.objects.create(role=Role.MANAGER, second_above=Decimal("9.50"))
    for _ in range(3):
        order = factories.make_order(total=Decimal("49.50"))
        incident = factories.make_incident(order.customer, order=order)
        factories.make_offer(incident, task=owe(incident, team=team))
    write_down(now)
    crowds = [Crowd(seed, team, now) for seed in range(8)]
    raised = at_once(*(crowd.works for crowd in crowds))
    assert raised == [None] * 8
    assert all_is_told()
    assert not Incident.objects.filter(status="resolved", offers__status__in=["proposed", "seconding"])


@pytest.fixture
def seen(team: Team, manager: User, now: datetime) -> Offer:
    """Taken back while it is still owed: a page that shows it, with its incident open."""
    proposed(1, team, now)
    withdraw_offer(one(1)[0], by=manager, now=now, version=1, reason="Not like this.")
    return one(1)[0]


def test_an_old_page_edits_no_offer_of_an_incident_that_was_closed_since(
    seen: Offer, manager: User, now: datetime
) -> None:
    resolve_incident(Incident.objects.get(), reason="A mistake", by=manager, now=now)
    with pytest.raises(Conflict):
        edit_offer(seen, amount=Decimal(9), by=manager, now=now, version=seen.version, **WORDS)
    assert Offer.objects.get().status == "withdrawn"


def test_an_old_page_closes_an_incident_that_was_opened_since(
    seen: Offer, manager: User, now: datetime
) -> None:
    resolve_incident(Incident.objects.get(), reason="A mistake", by=manager, now=now)
    old = Incident.objects.get()
    reopen_incident(Incident.objects.get(), reason="It is owed", by=manager, now=now)
    resolve_incident(old, reason="No", by=manager, now=now)
    assert (Incident.objects.get().status, Offer.objects.get().status) == ("resolved", "withdrawn")


def test_an_old_page_opens_no_incident_twice(seen: Offer, manager: User, now: datetime) -> None:
    """What a person took back of an open incident stays so until a person writes it anew."""
    resolve_incident(Incident.objects.get(), reason="A mistake", by=manager, now=now)
    old = Incident.objects.get()
    reopen_incident(Incident.objects.get(), reason="It is owed", by=manager, now=now)
    again = one(1)[0]
    withdraw_offer(again, by=manager, now=now, version=again.version, reason="Not like this.")
    reopen_incident(old, reason="It is owed", by=manager, now=now)
    assert Offer.objects.get().status == "withdrawn"


def test_a_third_apology_of_many_at_once_is_none(team: Team, now: datetime) -> None:
    customer = factories.make_customer()
    for kind in ("coupon", "refund", "credit", "gift"):
        proposed(1, team, now, customer, compensation=kind)
    offers = list(Offer.objects.select_related(*RELATED).order_by("pk"))
    steps = [
        partial(approve, offer, by=by, now=now, version=1)
        for offer, by in zip(offers, managers(team, 4), strict=True)
    ]
    assert kinds(at_once(*steps)) == {"NoneType": 2, "Refused": 2}
    assert Offer.objects.filter(status="approved").count() == 2

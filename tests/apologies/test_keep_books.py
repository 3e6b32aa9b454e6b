"""Whatever is done with money, in whatever order, the books balance."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.accounts.models import Role
from apps.apologies.models import Compensation, Offer
from apps.apologies.reconcile import reconcile
from apps.apologies.refusals import Refused
from apps.apologies.seal import seal_of
from apps.apologies.services import (
    check_limits,
    commit_money,
    expire_compensations,
    issue,
    redeem,
    release_money,
    reverse,
    unissue,
)
from apps.core.statuses import Conflict
from tests import factories

from .money import approved_offer, make_budget

amounts = st.integers(1, 9_999).map(lambda cents: Decimal(cents) / 100)
picks = st.integers(0, 10**6)


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()  # taken back in the end: each run starts with empty books
        self.block.__enter__()
        self.now = factories.NOW
        factories.make_shop()
        team = factories.make_team()
        self.manager = factories.make_user(Role.MANAGER, team=team)
        self.budget = make_budget("100.00")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def _one(self, model: Any, pick: int) -> Any:
        rows = list(model.objects.order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    def _try(self, verb: Any, *about: Any, **how: Any) -> None:
        with suppress(Refused, Conflict):
            verb(*about, **{"by": self.manager, "now": self.now, **how})

    @rule(amount=amounts, old=st.booleans())
    def approve(self, amount: Decimal, old: bool) -> None:
        offer = approved_offer(self.manager, amount=amount, decided_at=self.now)
        if old:
            return
        try:
            check_limits(offer, by=self.manager, now=self.now)
            commit_money(offer, by=self.manager, now=self.now)
        except Refused:
            offer.delete()

    @rule(pick=picks)
    def void(self, pick: int) -> None:
        """An edit: only of what is not given."""
        offer = self._one(Offer, pick)
        if offer and not offer.given.exclude(status="reversed").exists():
            release_money(offer, by=self.manager, now=self.now, reason="Edited")
            Offer.objects.filter(pk=offer.pk).update(status="proposed", decided_by=None, approved_hash="")

    @rule(pick=picks, amount=amounts)
    def approve_again(self, pick: int, amount: Decimal) -> None:
        offer = self._one(Offer, pick)
        if offer is None or offer.status != "proposed":
            return
        offer.amount, offer.status, offer.decided_by, offer.decided_at = (
            amount,
            "approved",
            self.manager,
            self.now,
        )
        offer.approved_hash = seal_of(offer)
        before = Offer.objects.get(pk=offer.pk)
        offer.save()
        try:
            commit_money(offer, by=self.manager, now=self.now)
        except Refused:
            before.save()

    @rule(pick=picks)
    def give(self, pick: int) -> None:
        if offer := self._one(Offer, pick):
            self._try(issue, offer)

    @rule(pick=picks)
    def undo(self, pick: int) -> None:
        if offer := self._one(Offer, pick):
            self._try(unissue, offer)

    @rule(pick=picks, order=st.sampled_from(["1", "2"]))
    def use(self, pick: int, order: str) -> None:
        if row := self._one(Compensation, pick):
            self._try(redeem, row, order=order, redeemed_at=min(self.now, factories.NOW))

    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        if row := self._one(Compensation, pick):
            self._try(reverse, row, reason="Twice")

    @rule(days=st.sampled_from([1, 181]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        expire_compensations(now=self.now)

    @invariant()
    def the_books_balance(self) -> None:
        assert [line for line in reconcile() if line.differences] == []
        self.budget.refresh_from_db()
        assert self.budget.committed + self.budget.spent <= Decimal("100.00")


class TestBooks(TestCase):
    def test_any_order_of_verbs_keeps_the_books(self) -> None:
        hurried = settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Books, settings=hurried)

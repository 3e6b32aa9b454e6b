"""Whatever people, passes and customers do with apologies: the real services, in any order."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Model
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from apps.accounts.models import User
from apps.apologies import services
from apps.apologies.models import LIVE, Cause, Compensation, Incident, Offer
from apps.apologies.refusals import Refused
from apps.core.statuses import Conflict
from apps.customers.models import Customer, Order
from apps.customers.services import set_permission
from apps.outreach.models import Message
from apps.outreach.services import claim_mails
from apps.outreach.services.recording import fail
from apps.outreach.signals import customer_wrote
from apps.worklist.models import Attempt, CareTask
from apps.worklist.services import (
    CannotPromise,
    CannotTake,
    CannotUndo,
    record_outcome,
    release,
    sweep,
    take,
    undo_outcome,
)
from tests import factories

from .machine_laws import Story, check_books, check_laws
from .machine_world import Picture, World, engine_pass

REFUSALS = (Refused, Conflict, PermissionDenied, CannotTake, CannotUndo, CannotPromise)
GOES_ON = ("proposed", "seconding", "approved")
WORDS = "Dear Grace,\n\nyour parcel was late, and that was our fault. Here is {amount} €."
MORNING = time(10)

picks = st.sampled_from(random.Random(4).sample(range(24), 24))  # no order: small ones are drawn oftener
amounts = st.sampled_from([Decimal(n) for n in ("5.00", "10.00", "19.99", "20.01", "25.05", "50.00")])
gifts = st.sampled_from(["coupon", "refund", "credit"])
severities = st.sampled_from(["minor", "moderate", "serious"])
spans = st.sampled_from(
    [
        *(timedelta(seconds=5), timedelta(minutes=16), timedelta(hours=3)),
        *(timedelta(days=1), timedelta(days=15), timedelta(days=181)),
    ]
)


def there_is(model: type[Model], *statuses: str) -> Callable[[Any], Any]:
    return precondition(lambda machine: bool(machine.seen.of(model, *statuses)))


class Apologies(RuleBasedStateMachine):
    """Each run begins in `world` and is taken back in the end. `done` counts what took effect, over all."""

    def __init__(self, world: World, done: Counter[str], refused: Counter[str]) -> None:
        super().__init__()
        self.world, self.done, self.refused = world, done, refused
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now: datetime = factories.NOW
        self.steps = 0
        self.story, self.seen = Story(), Picture.take()

    def teardown(self) -> None:
        try:
            if not connection.needs_rollback:
                check_books()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @invariant()
    def all_laws_hold(self) -> None:
        self.steps += 1
        self.done["steps"] += self.steps > 1  # the first time is before the first step
        self.seen = Picture.take(self.seen)
        self.story.go_on(self.seen)
        self.story.check_against(self.seen)
        check_laws(self.seen)
        if self.steps % 8 == 0:
            check_books()

    def _try(self, name: str, verb: Callable[..., Any]) -> Any:
        """What is refused changes nothing at all."""
        self.now += timedelta(seconds=1)
        try:
            result = verb(now=self.now)
        except REFUSALS as why:
            self.refused[f"{name}: {type(why).__name__}"] += 1
            assert Picture.take(self.seen) == self.seen, f"refused, and yet changed: {why}"
            return None
        self.done[name] += 1
        return result

    def _one(self, model: type[Model], pick: int, *statuses: str) -> Any:
        rows = self.seen.of(model, *statuses)
        return model._base_manager.get(pk=rows[pick % len(rows)]["id"])

    def _manager(self, pick: int) -> User:
        return User.objects.get(pk=self.world.managers[pick % 4].pk)

    def _anybody(self, pick: int) -> User:
        people = [*self.world.managers * 2, *self.world.reps]
        return User.objects.get(pk=people[pick % len(people)].pk)

    def _rep(self, is_second: bool) -> User:
        return User.objects.get(pk=self.world.reps[is_second].pk)

    @rule(
        pick=picks,
        who=picks,
        kind=st.sampled_from(["late", "lost", "wrong", "rude"]),
        severity=severities,
        effort=st.sampled_from(["none", "much"]),
    )
    def report(self, pick: int, who: int, kind: str, severity: str, effort: str) -> None:
        orders = Order.objects.select_related("customer").order_by("pk")
        places = [*((order.customer, order) for order in orders), (orders[0].customer, None)]
        customer, order = places[pick % len(places)]
        told = {"kind": kind, "severity": severity, "customer_effort": effort, "detail": "They called."}
        self._try(
            "report",
            partial(services.report_incident, customer, order=order, by=self._anybody(who), **told),
        )

    @rule(_=picks)
    def engine_passes(self, _: int) -> None:
        self._try("pass", engine_pass)

    @rule(pick=picks, promised=st.sampled_from([None, -20, -2, 3]), arrived=st.booleans())
    def shop_tells_of_an_order(self, pick: int, promised: int | None, arrived: bool) -> None:
        today = self.now.date()
        order = self.world.orders[pick % len(self.world.orders)]
        Order.objects.filter(pk=order.pk).update(
            promised_on=None if promised is None else today + timedelta(days=promised),
            delivered_at=self.now - timedelta(days=1) if arrived else None,
            handed_to_carrier_at=self.now - timedelta(days=21) if pick % 2 else None,
        )

    @there_is(Incident, "open")
    @rule(pick=picks, who=picks)
    def resolve(self, pick: int, who: int) -> None:
        incident = self._one(Incident, pick, "open")
        self._try("resolve", partial(services.resolve_incident, incident, reason="No", by=self._manager(who)))

    @there_is(Incident, "resolved")
    @rule(pick=picks, who=picks)
    def reopen(self, pick: int, who: int) -> None:
        incident = self._one(Incident, pick, "resolved")
        self._try("reopen", partial(services.reopen_incident, incident, reason="Yes", by=self._manager(who)))

    def _decide(self, name: str, verb: Callable[..., Any], pick: int, by: Any, **how: Any) -> None:
        """On what waits for it; every ninth time on whatever there is, or from an old page."""
        statuses = () if pick % 9 == 8 else ("proposed", "seconding")
        if self.seen.of(Offer, *statuses):
            offer = self._one(Offer, pick, *statuses)
            version = offer.version - (pick % 11 == 10)
            self._try(name, partial(verb, offer, by=by, version=version, **how))

    @there_is(Offer)
    @rule(pick=picks, who=picks)
    def approve(self, pick: int, who: int) -> None:
        self._decide("approve", services.approve, pick, self._manager(who))

    @there_is(Offer, *GOES_ON)
    @rule(pick=picks, who=picks)
    def carry_on(self, pick: int, who: int) -> None:
        """One step towards the customer: an approval, a second one, a call, its end."""
        offer = self._one(Offer, pick, *GOES_ON)
        if offer.status != "approved":
            how = {"by": self._manager(who), "version": offer.version}
            self._try("approve", partial(services.approve, offer, **how))
        elif offer.task.status == "held":
            self._try("talked", partial(record_outcome, offer.task, outcome="talked", by=offer.task.held_by))
        else:
            self._try("take", partial(take, offer.task, by=self._rep(who % 2 == 1)))

    @there_is(Offer, *GOES_ON)
    @rule(pick=picks, who=picks)
    def carry_on_again(self, pick: int, who: int) -> None:
        """Rules are chosen evenly: what leads on is there more than once."""
        self.carry_on(pick, who)

    @there_is(Offer, *GOES_ON)
    @rule(pick=picks, who=picks)
    def carry_on_once_more(self, pick: int, who: int) -> None:
        self.carry_on(pick, who)

    @there_is(Offer)
    @rule(pick=picks, who=picks, amount=amounts)
    def approve_lower(self, pick: int, who: int, amount: Decimal) -> None:
        verb = partial(services.approve_lower, amount=amount, reason="Enough")
        self._decide("approve lower", verb, pick, self._manager(who))

    @there_is(Offer, "proposed")
    @rule(who=picks)
    def approve_all(self, who: int) -> None:
        chosen = [(offer, offer.version) for offer in Offer.objects.filter(status="proposed")]
        self._try("approve many", partial(services.approve_many, chosen, by=self._manager(who)))

    @there_is(Offer)
    @rule(pick=picks, who=picks)
    def return_it(self, pick: int, who: int) -> None:
        self._decide("return", partial(services.return_offer, reason="Warmer"), pick, self._manager(who))

    @there_is(Offer)
    @rule(pick=picks, who=picks)
    def decline(self, pick: int, who: int) -> None:
        self._decide("decline", partial(services.decline, note="It came"), pick, self._manager(who))

    @there_is(Offer)
    @rule(pick=picks, who=picks, to=picks)
    def delegate(self, pick: int, who: int, to: int) -> None:
        verb = partial(services.delegate, to=self._manager(to))
        self._decide("delegate", verb, pick, self._manager(who))

    @there_is(Offer)
    @rule(
        pick=picks,
        who=picks,
        amount=amounts,
        gift=gifts,
        letter=st.sampled_from(["email", "post", ""]),
        first=st.booleans(),
        days=st.sampled_from([None, 1]),
    )
    def edit(
        self, pick: int, who: int, amount: Decimal, gift: str, letter: str, first: bool, days: int | None
    ) -> None:
        statuses = LIVE if pick % 8 and self.seen.of(Offer, *LIVE) else ()
        offer = self._one(Offer, pick, *statuses)
        moment = self.now + timedelta(days=days) if days else None
        parts = {"letter_by": letter, "letter_first": first, "moment": moment, "departure": "Because"}
        gesture = {"words": WORDS.format(amount=amount), "compensation": gift, "amount": amount, **parts}
        verb = partial(services.edit_offer, offer, by=self._anybody(who), version=offer.version, **gesture)
        self._try("edit", verb)

    @there_is(Offer)
    @rule(pick=picks, who=picks)
    def withdraw(self, pick: int, who: int) -> None:
        statuses = LIVE if pick % 8 and self.seen.of(Offer, *LIVE) else ()
        offer = self._one(Offer, pick, *statuses)
        how = {"by": self._anybody(who), "version": offer.version, "reason": "Not like this."}
        self._try("withdraw", partial(services.withdraw_offer, offer, **how))

    @there_is(CareTask, "open")
    @rule(pick=picks, who=st.booleans())
    def take_task(self, pick: int, who: bool) -> None:
        self._try("take", partial(take, self._one(CareTask, pick, "open"), by=self._rep(who)))

    @there_is(CareTask, "held")
    @rule(pick=picks)
    def let_go(self, pick: int) -> None:
        task = self._one(CareTask, pick, "held")
        self._try("let go", partial(release, task, by=task.held_by, reason="Lunch"))

    @there_is(CareTask, "held")
    @rule(
        pick=picks,
        outcome=st.sampled_from(
            ["talked", "talked", "replied", "no_answer", "do_not_call", "wrong_number", "problem_found"]
        ),
    )
    def end_call(self, pick: int, outcome: str) -> None:
        task = self._one(CareTask, pick, "held")
        self._try(outcome, partial(record_outcome, task, outcome=outcome, by=task.held_by))

    @there_is(CareTask, "open", "held")
    @rule(pick=picks, who=st.booleans())
    def reply(self, pick: int, who: bool) -> None:
        """An answer needs no hold."""
        task = self._one(CareTask, pick, "open", "held")
        self._try("reply", partial(record_outcome, task, outcome="replied", by=self._rep(who)))

    @there_is(Attempt)
    @rule(pick=picks)
    def undo(self, pick: int) -> None:
        attempt = Attempt.objects.order_by("-pk")[0] if pick % 4 else self._one(Attempt, pick)
        self._try("undo", partial(undo_outcome, attempt, by=attempt.by))

    @rule(pick=picks, what=st.sampled_from(["phone refused", "email refused", "phone given", "writes"]))
    def customer_says(self, pick: int, what: str) -> None:
        customer = Customer.objects.get(pk=self.world.customers[pick % 2].pk)
        if what == "writes":
            news = {"customer": customer, "message": None, "text": "Thanks!"}
            self._try("writes", lambda now: customer_wrote.send(None, now=now, **news))
            return
        channel, state = what.split()
        how = {"channel": channel, "state": state, "purpose": "service", "origin": "Said so", "by": None}
        self._try(what, partial(set_permission, customer, **how))

    @there_is(Message, "queued")
    @rule()
    def mail_goes_out(self) -> None:
        """Too late to take it back."""
        self._try("claim", claim_mails)

    @there_is(Message, "queued", "sending")
    @rule(pick=picks)
    def mail_comes_back(self, pick: int) -> None:
        mail = self._one(Message, pick, "queued", "sending")
        self._try("come back", partial(fail, mail, "No such mailbox"))

    @there_is(Compensation)
    @rule(pick=picks, order=st.sampled_from(["1", "2"]), ago=st.booleans())
    def redeem(self, pick: int, order: str, ago: bool) -> None:
        row = self._one(Compensation, pick)
        used_at = row.issued_at if ago else self.now
        self._try("redeem", partial(services.redeem, row, order=order, redeemed_at=used_at, by=None))

    @there_is(Compensation)
    @rule(pick=picks, who=picks)
    def reverse(self, pick: int, who: int) -> None:
        row = self._one(Compensation, pick)
        self._try("reverse", partial(services.reverse, row, reason="Twice", by=self._anybody(who)))

    @there_is(Incident)
    @rule(pick=picks, who=picks)
    def name_cause(self, pick: int, who: int) -> None:
        name = ("Storm", "Strike")[pick % 2]
        incident = self._one(Incident, pick)
        self._try("name cause", partial(services.name_cause, incident, name, by=self._manager(who)))

    @there_is(Cause)
    @rule(
        pick=picks,
        who=picks,
        amount=amounts,
        gift=gifts,
        what=st.sampled_from(["decide", "approve", "remove", "improve"]),
    )
    def cause_goes_on(self, pick: int, who: int, amount: Decimal, gift: str, what: str) -> None:
        cause, incident = self._one(Cause, pick), self._one(Incident, pick)
        improved = {"title": "Two people check", "done_on": self.now.date()}
        verb = {
            "decide": partial(services.decide_cause, remedy=gift, amount=amount, departure="The same"),
            "approve": services.approve_cause,
            "remove": lambda cause, **by: services.remove_incident(cause, incident, **by),
            "improve": partial(services.link_improvement, **improved),
        }[what]
        self._try(f"{what} cause", partial(verb, cause, by=self._manager(who)))

    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        """Days later it is the morning; then whatever runs each minute runs."""
        self.now += span
        if span >= timedelta(days=1):
            self.now = datetime.combine(self.now.date(), MORNING, self.now.tzinfo)
        for name, verb in (
            ("sweep", sweep),
            ("lapse", services.lapse_approvals),
            ("remind", services.remind_approvers),
            ("expire", services.expire_compensations),
        ):
            found = verb(now=self.now)
            self.done[name] += found if isinstance(found, int) else sum(found.values())

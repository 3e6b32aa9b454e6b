"""Failures as hypothesis thinks them up: incidents, tries to tell their apology, offers, money, orders."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from apps.accounts.models import Role, User
from apps.apologies.failure_cost import Span
from apps.apologies.models import NEVER_HAPPENED, Cause, Compensation, Incident, Letter, Offer
from apps.core.statuses import record
from apps.effort.models import TimeEntry
from apps.worklist.models import Attempt
from tests import factories
from tests.factories import NOW

from .conftest import owe

FIRST, LAST = date(2026, 1, 5), date(2026, 3, 4)
SPAN = Span(FIRST, LAST)
BEGIN = datetime(2026, 1, 4, 23, tzinfo=UTC)  # midnight in Berlin
CENTS = st.decimals("0.01", "99999.99", places=2)
ITEMS = ["", "Fjell jacket, moss M", "Fjell jacket , sand S", "Äpfel", ", nothing before", "Wader " * 14]

times = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["talked", "voicemail", "no_answer"]),
        "seconds": st.sampled_from([None, 1, 59, 86_399]),
        "origin": st.sampled_from(["proactive", "proactive", "internal"]),
    }
)
gifts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["coupon", "coupon", "refund"]),
        "status": st.sampled_from(["issued", "redeemed", "expired", "reversed"]),
        "currency": st.sampled_from(["EUR", "EUR", "SEK"]),
        "amount": CENTS,
        "cost": CENTS,
    }
)
offers = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["delivered", "delivered", "approved", "proposed"]),
        "after": st.sampled_from([0, 1, 40 * 86_400]),  # seconds from the failure to its delivery
        "due": st.sampled_from([0, 1, 2]),
        "answered": st.sampled_from([0, 0, 1, 2]),  # how often they did
        "again": st.booleans(),  # delivered, taken back and delivered again a day later
        # seconds from its (last) delivery to an order of the customer
        "bought": st.sampled_from([None, -1, 0, 1, 60 * 86_400, 60 * 86_400 + 1]),
        "given": gifts,
        "is_given": st.booleans(),
        "letters": st.lists(st.lists(times, max_size=2), max_size=2),  # tries of who posts each
    }
)
incidents = st.fixed_dictionaries(
    {
        "who": st.integers(0, 2),
        "kind": st.sampled_from(["late", "lost", "rude"]),
        "at": st.sampled_from([-1, 0, 1, 10 * 86_400, 45 * 86_400, 59 * 86_400 - 1, 59 * 86_400]),
        "items": st.sampled_from([None, *ITEMS]),
        "carrier": st.sampled_from(["", "DHL", "dhl"]),
        "cause": st.sampled_from([None, 0, 1]),
        "team": st.sampled_from([None, None, "none", 0, 1]),
        "moved_team": st.sampled_from([None, None, 0, 1]),
        "never": st.booleans(),
        "tries": st.lists(times, max_size=3),
        "withdrawn": st.booleans(),
        "offer": st.one_of(st.none(), offers),
    }
)
orders = st.fixed_dictionaries(
    {
        "who": st.integers(0, 2),
        "days": st.sampled_from([0, 1, 40, 60, 61, 100]),
        "seconds": st.sampled_from([-1, 0, 1]),
        "status": st.sampled_from(["paid", "cancelled"]),
    }
)


class World:
    """Rows as hypothesis thinks them up."""

    def __init__(self) -> None:
        self.shop = factories.make_shop()
        self.teams = [factories.make_team("One"), factories.make_team("Two")]
        self.customers = [factories.make_customer() for _ in range(3)]
        self.causes = [
            Cause.objects.create(name="Storm", carrier="Storm Parcel", opened_at=NOW),
            Cause.objects.create(name="Wrong label", opened_at=NOW),
        ]

    def fail(self, facts: dict[str, Any]) -> None:
        customer = self.customers[facts["who"]]
        order = None
        if facts["items"] is not None:
            order = factories.make_order(
                customer, items=facts["items"], carrier=facts["carrier"], placed_at=BEGIN - timedelta(days=9)
            )
        closed = {"status": "resolved", "resolved_at": NOW, "resolution": NEVER_HAPPENED}
        incident = factories.make_incident(
            customer,
            kind=facts["kind"],
            order=order,
            cause=None if facts["cause"] is None else self.causes[facts["cause"]],
            detected_at=BEGIN + timedelta(seconds=facts["at"]),
            **(closed if facts["never"] else {}),
        )
        self.tell(incident, facts)

    def tell(self, incident: Incident, facts: dict[str, Any]) -> None:
        task = None
        if facts["team"] is not None:
            task = owe(incident, team=None if facts["team"] == "none" else self.teams[facts["team"]])
            self.try_it(task, facts["tries"])
        if facts["moved_team"] is not None:
            self.try_it(owe(incident, team=self.teams[facts["moved_team"]]), facts["tries"][:1])
        if facts["withdrawn"]:
            old = factories.make_offer(incident, task=None, status="withdrawn")
            give(old, {"status": "reversed"})
        if facts["offer"]:
            facts = dict(facts["offer"])
            letters = facts.pop("letters", [])
            offer = offer_it(incident, task, **facts)
            for number, tries in enumerate(letters):
                self.post(offer, number, tries)

    def post(self, offer: Offer, number: int, tries: list[dict[str, Any]]) -> None:
        """Only the last letter stands: those before it came back."""
        task = factories.make_task(offer.incident.customer, play="apology", reach="post")
        withdrawn = {} if number else {"withdrawn_at": NOW}
        Letter.objects.create(offer=offer, way="post", words="...", task=task, made_at=NOW, **withdrawn)
        self.try_it(task, tries)

    def try_it(self, task: Any, tries: list[dict[str, Any]]) -> None:
        for each in tries:
            entry = None
            if each["seconds"]:
                entry = TimeEntry.objects.create(
                    origin=each["origin"], play="apology", customer=task.customer, started_at=NOW,
                    day=NOW.date(), seconds=each["seconds"], source="clock",
                )  # fmt: skip
            Attempt.objects.create(
                task=task, customer=task.customer, outcome=each["outcome"], started_at=NOW, ended_at=NOW,
                time_entry=entry,
            )  # fmt: skip

    def order(self, facts: dict[str, Any]) -> None:
        at = BEGIN + timedelta(days=facts["days"], seconds=facts["seconds"])
        factories.make_order(self.customers[facts["who"]], placed_at=at, status=facts["status"])


def offer_it(incident: Incident, task: Any, **facts: Any) -> Offer:
    at = incident.detected_at + timedelta(seconds=facts["after"])
    decided = {} if facts["status"] == "proposed" else {"decided_by": someone()}
    offer = factories.make_offer(
        incident,
        task=task,
        status=facts["status"],
        due_at=incident.detected_at + timedelta(seconds=facts["due"]),
        **decided,
    )
    if facts["status"] == "delivered":
        for moment in [at, at + timedelta(days=1)] if facts["again"] else [at]:
            record(offer, "delivered", by=None, now=moment, to_status="delivered")
        for _ in range(facts.get("answered", 0)):
            record(offer, "answered", by=None, now=NOW)
        if facts["bought"] is not None:
            last = at + timedelta(days=facts["again"], seconds=facts["bought"])
            factories.make_order(incident.customer, placed_at=last)
    record(offer, "approved", by=None, now=at, to_status="approved")
    if facts["is_given"]:
        give(offer, facts["given"])
    return offer


def give(offer: Offer, facts: dict[str, Any]) -> Compensation:
    defaults = {"kind": "coupon", "amount": Decimal(10), "cost": Decimal(4), "currency": "EUR"}
    used = {"redeemed_at": NOW} if facts["status"] == "redeemed" else {}
    return Compensation.objects.create(offer=offer, issued_at=NOW, **{**defaults, **used, **facts})


def someone() -> User:
    return User.objects.filter(role=Role.MANAGER).first() or factories.make_user(Role.MANAGER)

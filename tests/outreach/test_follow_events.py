"""Events become where a mail is and who is suppressed, whatever order they come in and however often."""

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from apps.core.models import Event
from apps.customers.models import Permission
from apps.outreach.models import Message, Suppression
from apps.outreach.signals import mail_came_back
from tests.factories import NOW, make_customer, make_message

from .conftest import Heard, Told, event, listening, state, status_of, tell


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        ("sent", "processed", "sent"),
        ("sent", "deferred", "sent"),
        ("sent", "delivered", "delivered"),
        ("sent", "open", "delivered"),
        ("sent", "click", "delivered"),
        ("sent", "unsubscribe", "delivered"),
        ("sent", "group_unsubscribe", "delivered"),
        ("sent", "spamreport", "delivered"),
        ("sent", "bounce", "bounced"),
        ("sent", "blocked", "bounced"),
        ("sent", "dropped", "bounced"),
        ("sent", "not_known_yet", "sent"),
        ("delivered", "bounce", "bounced"),
        ("delivered", "processed", "delivered"),
        ("bounced", "delivered", "bounced"),
        ("unknown", "processed", "sent"),
        ("unknown", "delivered", "delivered"),
        ("failed", "delivered", "delivered"),
        ("queued", "processed", "sent"),
        ("queued", "delivered", "delivered"),
        ("taken_back", "delivered", "taken_back"),
    ],
)
def test_a_kind_moves_a_mail_only_upward(before: str, kind: str, after: str) -> None:
    message = make_message(status=before)
    tell(event(message, kind, 1))
    assert status_of(message) == after


@pytest.mark.django_db
def test_a_mail_that_is_being_sent_is_freed_of_its_claim() -> None:
    claim = {"claim": "6f0f3d7e-5b1e-4f0e-9b3a-0d3b3a0f5f10", "claimed_until": NOW}
    message = make_message(status="sending", sent_at=None, **claim)
    tell(event(message, "delivered", 1))
    message.refresh_from_db()
    assert (message.status, message.claim, message.sent_at) == ("delivered", None, message.began_at)


@pytest.mark.django_db
def test_a_mail_that_comes_back_tells_so_once(came_back: Heard) -> None:
    message = make_message()
    tell(event(message, "bounce", 5, reason="550 no such user", type="bounce"))
    tell(event(message, "bounce", 5), event(message, "dropped", 6), event(message, "bounce", 7))
    message.refresh_from_db()
    assert (message.status, message.reason) == ("bounced", "550 no such user")
    assert [(news["message"].pk, news["now"]) for news in came_back] == [(message.pk, NOW)]
    assert Event.objects.filter(subject="outreach.message", to_status="bounced").count() == 1


@pytest.mark.django_db
def test_the_first_reason_stays_in_whatever_order_they_come() -> None:
    message = make_message()
    tell(event(message, "bounce", 7, reason="later"))
    tell(event(message, "bounce", 5, reason="first"))
    assert Message.objects.get().reason == "first"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "scope", "reason"),
    [
        ({"kind": "bounce", "type": "bounce"}, "all", "bounced"),
        ({"kind": "bounce"}, "all", "bounced"),
        ({"kind": "spamreport"}, "all", "spam"),
        ({"kind": "dropped", "reason": "Bounced Address"}, "all", "bounced"),
        ({"kind": "dropped", "reason": "Spam Reporting Address"}, "all", "spam"),
        ({"kind": "unsubscribe"}, "optional", "unsubscribed"),
        ({"kind": "group_unsubscribe"}, "optional", "unsubscribed"),
        ({"kind": "dropped", "reason": "Unsubscribed Address"}, "optional", "unsubscribed"),
    ],
)
def test_what_asks_for_it_suppresses(told: Told, scope: str, reason: str) -> None:
    message = make_message(make_customer(email="grace@example.com"))
    tell(event(message, told.pop("kind"), 1, email="Grace@Example.com", **told))
    row = Suppression.objects.get()
    assert (row.address, row.scope, row.reason, row.message) == ("grace@example.com", scope, reason, message)
    assert Event.objects.filter(
        subject="customers.customer", subject_id=message.customer_id, verb="suppressed"
    ).exists()
    refused = Permission.objects.filter(
        customer=message.customer, channel="email", purpose="recognition", state="refused"
    )
    assert refused.exists() == (scope == "optional")
    assert not Permission.objects.filter(purpose="service").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "told",
    [
        {"kind": "bounce", "type": "blocked"},
        {"kind": "blocked"},
        {"kind": "deferred"},
        {"kind": "dropped", "reason": "Invalid SMTPAPI header"},
        {"kind": "delivered"},
        {"kind": "open"},
    ],
)
def test_a_full_mailbox_or_a_block_suppresses_nothing(told: Told) -> None:
    tell(event(make_message(), told.pop("kind"), 1, **told))
    assert not Suppression.objects.exists()


@pytest.mark.django_db
def test_a_complaint_about_another_systems_mail_is_heeded_too() -> None:
    tell(event(None, "spamreport", 1))
    assert Suppression.objects.get().address == "someone@example.com"


KINDS = ("processed", "deferred", "delivered", "open", "click", "bounce", "blocked", "dropped")
WISHES = ("spamreport", "unsubscribe", "group_unsubscribe", "group_resubscribe", "brand_new")
DETAILS: list[Told] = [
    {},
    {"type": "bounce", "reason": "550"},
    {"type": "blocked", "reason": "421"},
    {"reason": "Bounced Address"},
    {"reason": "Spam Reporting Address"},
]
one_event = st.tuples(
    st.integers(0, 1),
    st.sampled_from(KINDS + 2 * ("bounce", *WISHES)),
    st.integers(0, 9),
    st.sampled_from(DETAILS),
)


@pytest.mark.django_db
def test_every_order_of_those_that_matter_ends_in_the_same_state(came_back: Heard) -> None:
    customer = make_customer(email="grace@example.com")
    ends = []
    for kinds in permutations(enumerate(["delivered", "bounce", "spamreport", "unsubscribe"])):
        message = make_message(customer, sent_at=None)
        for at, kind in kinds:
            tell(event(message, kind, at, sg_event_id=f"{message.pk}-{at}"))
        ends.append(state(message))
        Suppression.objects.all().delete()
        Permission.objects.all().delete()
    address = "grace@example.com"
    assert ends[0][1] == [
        (address, "all", "spam", NOW, None),
        (address, "optional", "unsubscribed", NOW, None),
    ]
    assert all(end == ends[0] for end in ends)
    assert len(ends) == len(came_back) == 24


class AnyOrderTest(HypothesisCase):
    """Any permutation, 1 to 46 duplicates, cut into calls anywhere: the same end."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(one_event, min_size=1, max_size=12), st.integers(0, 2**32))
    def test_any_order_and_number_end_in_one_state(self, drawn: list[Any], seed: int) -> None:
        chance = random.Random(seed)
        customer = make_customer(email="grace@example.com")
        ends = []
        for number in range(2):
            messages = [make_message(customer, status="sent", sent_at=None) for _ in range(2)]
            told = [
                event(messages[which], kind, 100 * n + at, sg_event_id=f"{number}-{n}", **details)
                for n, (which, kind, at, details) in enumerate(drawn)
            ]
            calls = [told] if number == 0 else _shuffled(told, chance)
            heard = listening(mail_came_back)
            news = next(heard)
            for events in calls:
                tell(*events)
            next(heard, None)
            ends.append((state(*messages), sorted(messages.index(each["message"]) for each in news)))
            Suppression.objects.all().delete()
            Permission.objects.all().delete()
        assert ends[0] == ends[1]
        bounced = [n for n, (status, _, _) in enumerate(ends[0][0][0]) if status == "bounced"]
        assert ends[0][1] == bounced, "one piece of news for each that came back"


def _shuffled(told: list[Told], chance: random.Random) -> list[list[Told]]:
    """Each event 1 to 46 times, in any order, cut into calls anywhere."""
    most = chance.choice([1, 2, 46])  # with many, the first call would nearly always hold them all
    many = [one for each in told for one in [each] * chance.randint(1, most)]
    chance.shuffle(many)
    cuts = sorted(chance.sample(range(len(many)), min(len(many), chance.randint(1, 6))))
    bounds = zip([0, *cuts], [*cuts, len(many)], strict=True)
    return [many[first:last] for first, last in bounds if first < last]


@pytest.mark.django_db
def test_what_happens_at_an_old_address_moves_no_mail_that_went_to_a_new_one(came_back: Heard) -> None:
    message = make_message(make_customer(email="grace@new.example"), to_address="grace@new.example")
    tell(event(message, "bounce", 1, email="Grace@Old.example", type="bounce"))
    tell(event(message, "delivered", 2, email="grace@old.example"))
    assert (status_of(message), came_back) == ("sent", [])
    assert Suppression.objects.get().address == "grace@old.example"
    tell(event(message, "delivered", 3, email="GRACE@new.example"))
    assert status_of(message) == "delivered"


@pytest.mark.django_db
@pytest.mark.parametrize("told", ["grace@müller.example", "Grace@xn--mller-kva.example", ""])
def test_an_address_is_the_same_however_its_host_is_written(told: str) -> None:
    message = make_message(to_address="grace@Müller.example")
    tell(event(message, "delivered", 1, email=told))
    assert status_of(message) == "delivered"

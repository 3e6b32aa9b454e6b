"""What the demo shop holds: something true on every screen, all of it marked, nothing of the future."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import phonenumbers
import pytest

from apps.accounts.models import Role, Shop, User
from apps.apologies.models import Offer, OfferStatus
from apps.campaigns.models import Campaign, Enrollment
from apps.customers.models import Customer, Order
from apps.demo.loading import CannotLoad, Demo
from apps.demo.places import PLACES
from apps.demo.staff import new_password
from apps.effort.models import DailyEffort, TimeEntry
from apps.effort.shares import share_of
from apps.feedback.models import FeedbackItem
from apps.worklist.models import Attempt, CareTask

from ..factories import NOW
from .conftest import small_demo

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_screen_has_something_to_show(demo: Demo) -> None:
    open_tasks = CareTask.objects.filter(status="open")

    assert open_tasks.filter(play="apology", due_at__lt=NOW).exists()
    assert open_tasks.filter(priority=0, assignee__isnull=False).exists()
    assert open_tasks.filter(calls_from__lte=NOW, calls_until__gt=NOW).exists()
    assert Offer.objects.filter(status=OfferStatus.PROPOSED).exists()
    assert Offer.objects.filter(status=OfferStatus.DELIVERED).exists()
    assert FeedbackItem.objects.filter(status="waiting").count() >= 3
    assert FeedbackItem.objects.filter(source="call").exists()
    assert FeedbackItem.objects.filter(reply__sent_at__isnull=False).exists()
    assert Customer.objects.filter(vip_since__isnull=False).exists()
    assert {"talked", "no_answer", "voicemail", "replied"} <= set(
        Attempt.objects.values_list("outcome", flat=True)
    )
    assert set(Enrollment.objects.values_list("play", flat=True)) == {
        *("welcome", "vip_recognition", "feedback_reply", "apology")
    }
    assert Enrollment.objects.filter(arm="holdout").exists()
    assert set(Campaign.objects.values_list("is_on", flat=True)) == {True}
    assert Shop.current().demo_seed == 1


def test_nothing_is_told_that_has_not_happened_yet(demo: Demo) -> None:
    midnight = NOW.replace(hour=0)  # Berlin's, at the latest

    assert not Order.objects.filter(placed_at__gte=midnight).exists()
    assert not Order.objects.filter(delivered_at__gte=midnight).exists()
    assert not FeedbackItem.objects.filter(received_at__gte=midnight).exists()
    assert not Attempt.objects.filter(ended_at__gte=midnight).exists()
    assert not TimeEntry.objects.filter(started_at__gte=midnight).exists()


def test_the_proactive_share_climbs_and_never_counts_a_second_twice(demo: Demo) -> None:
    first, last = NOW.date() - timedelta(days=14), NOW.date() - timedelta(days=1)
    before = share_of(first=first - timedelta(days=14), last=first - timedelta(days=1))
    week = share_of(first=first, last=first + timedelta(days=6)).share
    later = share_of(first=last - timedelta(days=6), last=last).share

    assert before.share == 0
    assert week is not None and later is not None
    assert 0.03 < week < later < 0.11
    spans: dict[int | None, list[tuple[Any, Any]]] = {}
    for entry in TimeEntry.objects.order_by("started_at"):
        ends = entry.started_at + timedelta(seconds=entry.seconds)
        spans.setdefault(entry.user_id, []).append((entry.started_at, ends))
    for own in spans.values():
        assert all(ends <= starts for (_, ends), (starts, _) in pairwise(own))
    assert sum(DailyEffort.objects.values_list("seconds", flat=True)) == sum(
        TimeEntry.objects.values_list("seconds", flat=True)
    )


def test_two_managers_make_four_eyes_and_nobody_decided_on_their_own_offer(demo: Demo) -> None:
    assert User.objects.filter(role=Role.MANAGER, is_demo=True).count() >= 2
    decided = Offer.objects.exclude(decided_by=None)
    assert decided.exists()
    assert not [offer for offer in decided if offer.proposed_by_id == offer.decided_by_id]


def test_every_row_is_marked(demo: Demo) -> None:
    assert set(Customer.objects.values_list("source", flat=True)) == {"demo"}
    assert set(Order.objects.values_list("source", flat=True)) == {"demo"}
    assert set(User.objects.values_list("is_demo", flat=True)) == {True}
    assert set(TimeEntry.objects.filter(origin="reactive").values_list("source", flat=True)) == {"demo"}


def test_telephone_numbers_are_those_kept_for_fiction() -> None:
    """The country's own digits: wrong countries and lengths are found; the ranges are in places.py."""
    for place in PLACES:
        if place.phone:
            number = phonenumbers.parse(place.phone.replace("N", "1"))
            assert phonenumbers.is_possible_number(number), place
            assert number.country_code == phonenumbers.country_code_for_region(place.country)


def test_a_second_demo_is_refused_and_named(demo: Demo) -> None:
    with pytest.raises(CannotLoad, match="seed 1"):
        small_demo(seed=2)


def test_passwords_are_never_the_same_twice() -> None:
    assert len({new_password() for _ in range(200)}) == 200

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.broker import messages
from apps.core.broker.leases import LeaseKeeper
from apps.core.models import QueuedMessage

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=60)


def claim(now: datetime, queue: str = "celery", allowed: int = 5) -> messages.Claim | None:
    return messages.claim(queue, now=now, lease_for=LEASE, deliveries_allowed=allowed)


def claim_all(now: datetime) -> Iterator[str]:
    while found := claim(now):
        yield found.payload


def test_a_message_is_claimed_by_one_only(now: datetime):
    messages.put("celery", "a", now=now)

    assert claim(now).payload == "a"
    assert claim(now) is None


def test_the_oldest_goes_first_within_a_priority(now: datetime):
    messages.put("celery", "later", now=now + timedelta(seconds=1))
    messages.put("celery", "sooner", now=now)
    messages.put("celery", "urgent", now=now + timedelta(seconds=2), priority=9)

    assert list(claim_all(now + timedelta(seconds=3))) == ["urgent", "sooner", "later"]


def test_queues_do_not_mix(now: datetime):
    messages.put("mail", "a", now=now)

    assert claim(now) is None
    assert claim(now, queue="mail").payload == "a"


def test_an_eta_is_waited_for(now: datetime):
    messages.put("celery", "a", now=now, eta=now + timedelta(minutes=2))

    assert claim(now + timedelta(seconds=119)) is None
    assert claim(now + timedelta(seconds=120)).payload == "a"


def test_a_lease_that_ran_out_makes_the_message_visible_again(now: datetime):
    messages.put("celery", "a", now=now)
    claim(now)

    assert claim(now + timedelta(seconds=59)) is None
    again = claim(now + timedelta(seconds=60))
    assert (again.payload, again.redelivered) == ("a", True)


def test_a_renewed_lease_is_kept(now: datetime):
    messages.put("celery", "a", now=now)
    held = claim(now)

    assert messages.renew([held.tag], now=now + timedelta(seconds=50), lease_for=LEASE) == 1
    assert claim(now + timedelta(seconds=100)) is None


def test_a_lost_lease_is_not_renewed(now: datetime):
    messages.put("celery", "a", now=now)
    late = claim(now)
    claim(now + LEASE)

    assert messages.renew([late.tag], now=now + LEASE, lease_for=LEASE) == 0


def test_a_finished_message_is_gone(now: datetime):
    messages.put("celery", "a", now=now)

    assert messages.finish(claim(now).tag)
    assert not QueuedMessage.objects.exists()


def test_a_worker_that_lost_its_lease_cannot_finish_hand_back_or_bury(now: datetime):
    messages.put("celery", "a", now=now)
    late = claim(now).tag
    current = claim(now + LEASE).tag

    assert not messages.finish(late)
    assert not messages.hand_back(late, now=now, counts=True)
    assert not messages.bury(late, why="x")
    assert messages.finish(current)


def test_handing_back_unbegun_costs_no_delivery(now: datetime):
    messages.put("celery", "a", now=now)
    for _ in range(9):
        messages.hand_back(claim(now).tag, now=now, counts=False)

    assert claim(now).redelivered is False


def test_a_message_delivered_too_often_is_buried_and_kept(now: datetime):
    messages.put("celery", "poison", now=now)
    messages.put("celery", "good", now=now)
    for _ in range(5):
        messages.hand_back(claim(now).tag, now=now, counts=True)

    assert claim(now).payload == "good"
    dead = QueuedMessage.objects.get(dead=True)
    assert (dead.payload, dead.cause_of_death) == ("poison", "Delivered 5 times without an end")


def test_a_dead_message_is_revived_with_a_fresh_count(now: datetime):
    messages.put("celery", "a", now=now)
    messages.bury(claim(now).tag, why="It cannot be read")
    assert claim(now) is None

    assert messages.revive(QueuedMessage.objects.all(), now=now) == 1
    again = claim(now)
    assert (again.payload, again.redelivered) == ("a", False)


def test_size_and_purge_leave_out_what_is_held_or_dead(now: datetime):
    for payload in "abc":
        messages.put("celery", payload, now=now)
    held = claim(now)
    messages.bury(claim(now).tag, why="x")

    assert messages.size("celery") == 1
    assert messages.purge("celery") == 1
    assert set(QueuedMessage.objects.values_list("pk", flat=True)) > {held.tag.pk}
    assert QueuedMessage.objects.count() == 2


def test_an_empty_look_is_one_query_and_no_write(now: datetime):
    with CaptureQueriesContext(connection) as looked:
        claim(now)

    verbs = [query["sql"].split()[0] for query in looked.captured_queries]
    assert [verb for verb in verbs if verb not in {"SAVEPOINT", "RELEASE"}] == ["SELECT"]


def test_the_keeper_renews_what_is_held_and_forgets_what_is_dropped():
    now = timezone.now() - timedelta(seconds=50)
    kept, dropped = (messages.put("celery", name, now=now) for name in "ab")
    keeper = LeaseKeeper(LEASE)
    tags = [claim(now).tag, claim(now).tag]
    for tag in tags:
        keeper.hold(tag)
    keeper.drop(tags[1])

    keeper.renew()
    keeper.stop()

    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert kept.visible_at > timezone.now() + timedelta(seconds=50)
    assert dropped.visible_at < timezone.now() + timedelta(seconds=15)

from collections.abc import Iterator
from datetime import timedelta
from queue import Empty

import pytest
from django.db import OperationalError
from django.utils import timezone
from kombu import Connection, Consumer, Producer, Queue
from kombu.message import Message

from apps.core.models import QueuedMessage

pytestmark = pytest.mark.django_db
QUEUE = Queue("celery", routing_key="celery")


@pytest.fixture
def broker() -> Iterator[Connection]:
    with Connection("djangodb://", transport_options={"polling_interval": 0.01}) as connection:
        yield connection


@pytest.fixture
def received(broker: Connection) -> Iterator[list[Message]]:
    arrived: list[Message] = []
    with Consumer(broker, [QUEUE], callbacks=[lambda body, message: arrived.append(message)]):
        yield arrived


def publish(broker: Connection, body: object, **options: object) -> None:
    Producer(broker).publish(body, routing_key="celery", declare=[QUEUE], **options)


def drain(broker: Connection) -> None:
    """Everything that is there: until three looks in a row find nothing."""
    empty = 0
    while empty < 3:
        try:
            broker.drain_events(timeout=0.02)
            empty = 0
        except TimeoutError:
            empty += 1


def test_what_is_published_arrives_and_goes_when_acknowledged(broker, received):
    publish(broker, {"id": 7}, headers={"task": "core.beat"})
    assert QueuedMessage.objects.get().task == "core.beat"

    drain(broker)
    received[0].ack()

    assert [message.payload for message in received] == [{"id": 7}]
    assert not QueuedMessage.objects.exists()


def test_an_unanswered_message_is_handed_back_when_the_channel_closes(broker, received):
    publish(broker, "a")
    drain(broker)

    broker.close()

    row = QueuedMessage.objects.get()
    assert (row.lease, row.deliveries, row.dead) == ("", 0, False)


def test_a_message_given_back_comes_again_marked_as_redelivered(broker, received):
    publish(broker, "a")
    drain(broker)
    received[0].requeue()
    drain(broker)

    assert [message.delivery_info["redelivered"] for message in received] == [False, True]
    received[1].ack()


def test_a_refused_message_is_kept_among_the_dead(broker, received):
    publish(broker, "a")
    drain(broker)
    received[0].reject()
    drain(broker)

    assert len(received) == 1
    assert QueuedMessage.objects.get().dead


def test_an_unreadable_row_is_buried_and_the_next_one_arrives(broker, received):
    now = timezone.now() - timedelta(seconds=1)
    QueuedMessage.objects.create(queue="celery", payload="{", visible_at=now, queued_at=now)
    publish(broker, "good")

    drain(broker)

    assert [message.payload for message in received] == ["good"]
    assert QueuedMessage.objects.get(dead=True).cause_of_death == "It cannot be read"


def test_priority_and_eta_are_taken_from_the_message(broker):
    later = timezone.now() + timedelta(minutes=3)

    publish(broker, "a", priority=7, headers={"eta": later.isoformat()})

    row = QueuedMessage.objects.get()
    assert (row.priority, row.visible_at) == (7, later)


def test_a_consumer_that_answers_nothing_uses_the_message_up(broker):
    publish(broker, "a")
    arrived: list[object] = []
    with Consumer(broker, [QUEUE], callbacks=[lambda body, message: arrived.append(body)], no_ack=True):
        drain(broker)

    assert arrived == ["a"]
    assert not QueuedMessage.objects.exists()


def test_a_message_can_be_fetched_one_at_a_time(broker):
    publish(broker, "a")

    with broker.SimpleQueue("celery") as simple:
        assert simple.qsize() == 1
        message = simple.get(block=False)
        assert message.payload == "a"
        message.ack()
        with pytest.raises(Empty):
            simple.get(block=False)


def test_a_fetch_without_an_answer_uses_the_message_up(broker):
    publish(broker, "a")

    assert broker.default_channel.basic_get("celery", no_ack=True).decode() == "a"
    assert not QueuedMessage.objects.exists()


def test_purging_empties_the_queue(broker):
    publish(broker, "a")

    assert QUEUE(broker.default_channel).purge() == 1


def test_a_database_that_is_away_leaves_the_worker_waiting(broker, received, monkeypatch, caplog):
    publish(broker, "a")
    with monkeypatch.context() as patch:
        patch.setattr("apps.core.broker.transport.messages.claim", _away)
        drain(broker)
    assert caplog.messages == ["the queue's database does not answer, still asking: gone"]

    drain(broker)

    assert len(received) == 1


def test_publishing_without_a_database_is_reported_as_a_broker_error(broker, monkeypatch):
    monkeypatch.setattr("apps.core.broker.transport.messages.put", _away)

    with pytest.raises(broker.connection_errors):
        publish(broker, "a")


def _away(*args: object, **kwargs: object) -> None:
    raise OperationalError("gone")

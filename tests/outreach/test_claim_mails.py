"""Claims: several senders, workers that died or slept, and news that comes out of order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread, Timer

import pytest
from django.db import OperationalError, connection

from apps.core.models import Event
from apps.outreach.gateway import Accepted, InDoubt, NotAccepted
from apps.outreach.models import Message, MessageStatus
from apps.outreach.services import (
    LET_GO,
    Claim,
    claim_mails,
    send_again,
    send_due,
    sending,
    sweep_claims,
)
from apps.outreach.services.claiming import LEASE, begin
from apps.outreach.services.recording import record_result
from apps.outreach.services.sending import Supply, send_from

from .conftest import QueueMail, event, tell
from .provider import Provider

db = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = LEASE + timedelta(seconds=1)


def claimed(now: datetime) -> Claim:
    claim = claim_mails(now=now)
    assert claim
    return claim


def begun(now: datetime) -> Message:
    """The first mail of a new claim, handed to the network."""
    claim = claimed(now)
    message = begin(claim.mails[0], now=now)
    assert isinstance(message, Message)
    return message


def status(message: Message) -> str:
    return Message.objects.get(pk=message.pk).status


@db
def test_a_claim_takes_ten_at_most_the_oldest_first(mail: QueueMail, now: datetime):
    messages = [mail(send_at=now - n * MINUTE) for n in range(13)]

    claim = claimed(now)

    assert [each.pk for each in claim.mails] == [each.pk for each in reversed(messages[3:])]
    assert len(claimed(now).mails) == 3
    assert claim_mails(now=now) is None


@db
def test_a_dead_workers_claim_is_queued_again_but_for_what_it_had_begun(
    provider: Provider, mail: QueueMail, now: datetime
):
    first, second = mail(), mail()
    begun(now)

    assert sweep_claims(now=now + LEASE - MINUTE) == 0
    assert sweep_claims(now=now + LATER) == 2
    assert (status(first), status(second)) == ("unknown", "queued")
    assert sweep_claims(now=now + LATER) == 0

    send_due(clock=lambda: now + LATER, until=now + 2 * LEASE)
    assert provider.accepted == {str(second.pk): 1}


@db
def test_a_frozen_worker_that_wakes_up_sends_nothing_more(provider: Provider, mail: QueueMail, now: datetime):
    """It slept between two mails of its claim; another worker sent the rest meanwhile."""
    mail(), mail()
    frozen = claimed(now)
    sweep_claims(now=now + LATER)
    send_due(clock=lambda: now + LATER, until=now + 2 * LEASE)

    assert send_from(Supply(lambda: now + LATER, now + 2 * LEASE, frozen)) == 0
    assert list(provider.accepted.values()) == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_frozen_after_it_began_a_mail_asks_again_before_the_network(
    provider: Provider, mail: QueueMail, now: datetime
):
    """While the first is at the provider its claim runs out; the second was begun by then."""
    first, second = mail(), mail()

    def sweep() -> None:
        sweep_claims(now=now + LATER)
        connection.close()

    provider.delay, provider.while_asked = 0.5, lambda: None
    late = Timer(0.2, sweep)
    late.start()
    send_due(clock=lambda: now, until=now + MINUTE)
    late.join()

    assert provider.accepted == {str(first.pk): 1}
    assert (status(first), status(second)) == ("sent", "queued")
    assert Message.objects.get(pk=second.pk).tries == 0
    events = Event.objects.filter(subject="outreach.message", subject_id=second.pk).order_by("id")
    assert list(events.values_list("verb", flat=True))[2:4] == ["unknown", "queued"]
    assert sending.LOST in events.values_list("reason", flat=True)


@db
def test_a_claim_that_ran_out_begins_nothing_even_before_the_sweep(
    provider: Provider, mail: QueueMail, now: datetime
):
    mail()
    frozen = claimed(now)

    assert begin(frozen.mails[0], now=now + LATER) is None


@db
def test_a_mail_that_an_event_settles_before_its_turn_keeps_none_of_its_claim(
    provider: Provider, mail: QueueMail, now: datetime
):
    messages = [mail() for _ in range(4)]
    claim = claimed(now)
    tell(event(messages[1], "delivered", 1), event(messages[2], "bounce", 2))

    assert send_from(Supply(lambda: now, now + MINUTE, claim)) == 2
    assert [status(message) for message in messages] == ["sent", "delivered", "bounced", "sent"]


@db
def test_a_mail_that_came_to_another_claim_is_not_begun_by_the_first(mail: QueueMail, now: datetime):
    mail()
    frozen = claimed(now)
    sweep_claims(now=now + LATER)
    claimed(now + LATER)

    assert begin(frozen.mails[0], now=now + LATER) is None


@db
def test_a_late_acceptance_settles_what_was_unknown(mail: QueueMail, now: datetime):
    mail()
    message = begun(now)
    sweep_claims(now=now + LATER)

    record_result(message, Accepted("sg-1"), now=now + LATER)

    row = Message.objects.get(pk=message.pk)
    assert (row.status, row.provider_id, row.sent_at) == ("sent", "sg-1", now + LATER)


@db
def test_a_late_acceptance_stops_what_a_person_sent_again(
    provider: Provider, mail: QueueMail, now: datetime, rep
):
    mail()
    message = begun(now)
    sweep_claims(now=now + LATER)
    send_again(Message.objects.get(pk=message.pk), by=rep, now=now + 20 * MINUTE)

    record_result(message, Accepted("sg-1"), now=now + 20 * MINUTE)

    assert status(message) == "sent"
    assert send_due(clock=lambda: now + 21 * MINUTE, until=now + 22 * MINUTE) == 0


@db
def test_a_late_refusal_of_what_was_unknown_is_tried_again(mail: QueueMail, now: datetime):
    mail()
    message = begun(now)
    sweep_claims(now=now + LATER)

    record_result(message, NotAccepted("refused"), now=now + LATER)

    assert status(message) == "queued"


@db
@pytest.mark.parametrize("result", [NotAccepted("refused"), InDoubt("cut")])
def test_a_late_result_of_an_earlier_try_moves_nothing(
    mail: QueueMail, now: datetime, rep, result: NotAccepted | InDoubt
):
    mail()
    message = begun(now)
    sweep_claims(now=now + LATER)
    send_again(Message.objects.get(pk=message.pk), by=rep, now=now + 20 * MINUTE)
    second = begun(now + 21 * MINUTE)

    record_result(message, result, now=now + 21 * MINUTE)

    row = Message.objects.get(pk=message.pk)
    assert (row.status, row.claim) == ("sending", second.claim)


@db
@pytest.mark.parametrize("told", [MessageStatus.DELIVERED, MessageStatus.BOUNCED])
@pytest.mark.parametrize("result", [Accepted("sg-1"), NotAccepted("refused"), InDoubt("cut")])
def test_the_providers_events_may_be_faster_than_its_answer(
    mail: QueueMail, now: datetime, told: str, result: object
):
    mail()
    message = begun(now)
    Message.objects.filter(pk=message.pk).update(status=told, **LET_GO)

    record_result(message, result, now=now)

    row = Message.objects.get(pk=message.pk)
    assert row.status == told
    assert row.provider_id == ("sg-1" if isinstance(result, Accepted) else "")


@db
def test_recording_twice_is_recording_once(mail: QueueMail, now: datetime):
    """A commit whose answer was lost is tried again."""
    mail()
    message = begun(now)

    record_result(Message.objects.get(pk=message.pk), Accepted("sg-1"), now=now)
    record_result(message, Accepted("sg-1"), now=now)

    assert status(message) == "sent"


@pytest.mark.django_db(transaction=True)
def test_an_outcome_outlives_a_database_that_goes_away(
    provider: Provider, mail: QueueMail, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    messages = [mail() for _ in range(3)]
    faults = iter([False, True, False, True, True, False, True, False])
    real = sending.record_result

    def record(*arguments: object, **options: object) -> None:
        if next(faults, False):
            raise OperationalError("the database system is starting up")
        real(*arguments, **options)

    monkeypatch.setattr(sending, "record_result", record)
    monkeypatch.setattr(sending, "ASK_AGAIN_SECONDS", 0.01)
    send_due(clock=lambda: now, until=now + MINUTE)

    assert {status(message) for message in messages} == {"sent"}
    assert list(provider.accepted.values()) == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_each_mail_once(provider: Provider, mail: QueueMail, now: datetime):
    messages = [mail() for _ in range(60)]
    started, at_once = Barrier(4), []
    inside: set[int] = set()

    def note_how_many() -> None:
        inside.add(len(provider.requests) - sum(provider.accepted.values()))

    provider.delay, provider.while_asked = 0.02, note_how_many

    def one_sender() -> None:
        try:
            started.wait()
            at_once.append(send_due(clock=lambda: now, until=now + MINUTE))
        finally:
            connection.close()

    in_threads(one_sender, 4)

    assert provider.accepted == {str(message.pk): 1 for message in messages}
    assert sum(at_once) == 60
    assert max(inside) > 1, "they sent one after another"
    assert not Message.objects.exclude(status="sent")


def in_threads(work: Callable[[], None], number: int) -> None:
    threads = [Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

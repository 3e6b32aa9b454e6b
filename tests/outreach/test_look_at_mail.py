"""What only a person can settle."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.outreach.models import Message
from apps.outreach.services import (
    CannotSend,
    mark_as_not_sent,
    mark_as_sent,
    send_again,
    send_due,
    set_aside,
    take_back_mail,
)

from .conftest import Heard, QueueMail, event, status_of, tell
from .provider import Provider

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)
TEN = timedelta(seconds=10)
ALMOST = QUARTER - timedelta(seconds=1)


@pytest.fixture
def unknown(provider: Provider, mail: QueueMail, now: datetime) -> Message:
    provider.answers("accept-then-cut", "ok")
    return after_sending(mail(), now)


@pytest.fixture
def failed(provider: Provider, mail: QueueMail, now: datetime) -> Message:
    provider.answers("400", "ok")
    return after_sending(mail(), now)


def after_sending(message: Message, now: datetime) -> Message:
    send_due(clock=lambda: now, until=now + QUARTER)
    message.refresh_from_db()
    return message


def listed(now: datetime) -> list[Message]:
    return list(Message.objects.needs_a_look(now))


def test_an_unknown_mail_is_sent_again_only_after_its_quarter_of_an_hour(
    provider: Provider, unknown: Message, rep: User, now: datetime
):
    with pytest.raises(Conflict, match="15 minutes"):
        send_again(unknown, by=rep, now=now + ALMOST)

    send_again(unknown, by=rep, now=now + QUARTER)

    assert (unknown.status, unknown.tries, unknown.began_at) == ("queued", 0, None)
    assert after_sending(unknown, now + QUARTER + TEN).status == "queued"
    assert after_sending(unknown, now + QUARTER + 2 * TEN).status == "sent"
    assert provider.accepted[str(unknown.pk)] == 2
    assert not listed(now + 2 * QUARTER)


def test_what_may_have_left_before_is_not_known_again_when_it_is_taken_back(
    provider: Provider, unknown: Message, rep: User, now: datetime, taken_back: Heard
):
    send_again(unknown, by=rep, now=now + QUARTER)
    take_back_mail(unknown, by=rep, now=now + QUARTER)

    assert (unknown.status, taken_back) == ("unknown", [])
    assert after_sending(unknown, now + 2 * QUARTER).status == "unknown"
    assert listed(now + QUARTER) == [unknown]
    tell(event(unknown, "delivered", 1))
    assert status_of(unknown) == "delivered"


def test_a_doubt_outlives_a_second_try_that_failed(
    provider: Provider, unknown: Message, rep: User, now: datetime, taken_back: Heard, came_back: Heard
):
    provider.answers("400")
    send_again(unknown, by=rep, now=now + QUARTER)
    assert after_sending(unknown, now + 2 * QUARTER).status == "unknown"
    assert unknown.reason.startswith("An earlier try may have reached them. This one did not: ")
    assert (unknown.began_at, came_back) == (now, [])
    send_again(unknown, by=rep, now=now + 2 * QUARTER)
    take_back_mail(unknown, by=rep, now=now + 2 * QUARTER)

    assert (unknown.status, taken_back) == ("unknown", [])


def test_an_unknown_mail_that_did_not_arrive_goes_another_way(
    unknown: Message, rep: User, now: datetime, came_back: Heard
):
    with pytest.raises(Conflict, match="15 minutes"):
        mark_as_not_sent(unknown, by=rep, now=now + ALMOST)
    mark_as_not_sent(unknown, by=rep, now=now + QUARTER)

    assert (unknown.status, unknown.doubted_at, len(came_back)) == ("failed", None, 1)
    with pytest.raises(Conflict, match="needs nothing"):
        mark_as_not_sent(unknown, by=rep, now=now + QUARTER)


def test_what_the_provider_told_meanwhile_is_not_undone(unknown: Message, rep: User, now: datetime):
    seen = Message.objects.get(pk=unknown.pk)
    tell(event(unknown, "delivered", 1))
    with pytest.raises(Conflict):
        mark_as_not_sent(seen, by=rep, now=now + QUARTER)
    assert status_of(unknown) == "delivered"


def test_a_mail_that_nothing_can_have_accepted_is_plainly_taken_back(
    failed: Message, rep: User, now: datetime, taken_back: Heard
):
    send_again(failed, by=rep, now=now)
    take_back_mail(failed, by=rep, now=now)

    assert failed.status == "taken_back"
    assert len(taken_back) == 1


def test_an_unknown_mail_can_be_said_to_be_sent(unknown: Message, manager: User, now: datetime):
    mark_as_sent(unknown, by=manager, now=now + QUARTER)

    assert (unknown.status, unknown.sent_at) == ("sent", now)
    assert not listed(now + QUARTER)


def test_an_unknown_mail_cannot_be_set_aside(unknown: Message, rep: User, now: datetime):
    with pytest.raises(Conflict, match="Nobody knows"):
        set_aside(unknown, by=rep, now=now + QUARTER)


def test_a_failed_mail_goes_to_the_address_that_the_customer_has_now(
    provider: Provider, failed: Message, rep: User, now: datetime
):
    failed.customer.email = "grace@correct.example"
    failed.customer.save(update_fields=["email"])

    send_again(failed, by=rep, now=now)

    assert after_sending(failed, now + 2 * TEN).status == "sent"
    assert provider.mails[0]["personalizations"][0]["to"][0]["email"] == "grace@correct.example"


def test_a_mail_is_not_sent_again_to_no_address(failed: Message, rep: User, now: datetime):
    failed.customer.email = ""

    with pytest.raises(CannotSend):
        send_again(failed, by=rep, now=now)


def test_what_was_set_aside_leaves_the_list_until_it_fails_again(
    provider: Provider, failed: Message, rep: User, now: datetime
):
    assert listed(now) == [failed]

    set_aside(failed, by=rep, now=now)
    assert not listed(now)

    provider.answers("400")
    send_again(failed, by=rep, now=now + QUARTER)
    assert listed(now + QUARTER) == []
    after_sending(failed, now + QUARTER + 2 * TEN)
    assert listed(now + QUARTER) == [failed]


def test_what_came_back_is_listed_until_set_aside(unknown: Message, rep: User, now: datetime):
    Message.objects.filter(pk=unknown.pk).update(status="bounced")
    unknown.refresh_from_db()
    assert listed(now) == [unknown]

    set_aside(unknown, by=rep, now=now)
    assert not listed(now)


def test_a_mail_that_moved_meanwhile_is_not_set_aside(failed: Message, rep: User, now: datetime):
    Message.objects.filter(pk=failed.pk).update(status="queued")

    with pytest.raises(Conflict, match="needs nothing"):
        set_aside(failed, by=rep, now=now)
    failed.refresh_from_db()
    assert failed.looked_at is None


def test_a_mail_that_needs_nothing_is_left_alone(mail: QueueMail, rep: User, now: datetime):
    message = mail()
    for verb in (send_again, mark_as_sent, mark_as_not_sent, set_aside):
        with pytest.raises(Conflict, match="needs nothing"):
            verb(message, by=rep, now=now)


def test_a_marketer_does_not_decide_on_mail(unknown: Message, marketer: User, now: datetime):
    for verb in (send_again, mark_as_sent, mark_as_not_sent, set_aside):
        with pytest.raises(PermissionDenied):
            verb(unknown, by=marketer, now=now + QUARTER)

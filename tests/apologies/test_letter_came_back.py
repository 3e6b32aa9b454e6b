"""A mail that comes back: the apology goes another way, by the same person, and nothing is given twice."""

from datetime import datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.apologies.models import Compensation, Incident, Letter, Offer
from apps.apologies.services import approve, print_letter, redeem
from apps.core.statuses import Conflict
from apps.outreach.models import Message, ProviderEvent
from apps.outreach.services import send_again, take_back_mail
from apps.outreach.services.events import follow_events
from apps.worklist.models import CareTask
from apps.worklist.services import CannotUndo, found_way, take
from tests import factories

from .told import SECONDS, approved, bounced, end, given, letter_task, letters, live_at, sent, stands, undo

pytestmark = pytest.mark.usefixtures("books_balance")
LATER = timedelta(minutes=6)


@pytest.fixture
def called(incident: Incident, task: CareTask, rep: User, manager: User, now: datetime) -> Offer:
    """The call was had, and its letter left by mail."""
    offer = approved(incident, task, by=manager, now=now, letter_by="email")
    end(task, "talked", by=rep, now=now)
    sent(now)
    return offer


@pytest.fixture
def mailed(incident: Incident, task: CareTask, rep: User, manager: User, now: datetime) -> Offer:
    """The mail was all, and left."""
    offer = approved(incident, task, by=manager, now=now, reach="email", letter_by="email")
    end(task, "replied", by=rep, now=now)
    sent(now)
    return offer


def test_after_a_call_the_same_person_posts_what_came_back(called: Offer, rep: User, now: datetime) -> None:
    live_at(called.incident.customer)
    bounced(Message.objects.get(), now + LATER)
    posting = letter_task(called)
    assert (posting.reach, posting.assignee, posting.owed) == ("post", rep, True)
    assert stands(called) == ("delivered", "resolved", "done")
    assert (letters(called), given(called)) == ([("email", False), ("post", True)], ["issued"])
    first, second = Letter.objects.order_by("pk")
    assert (first.withdrawn_why, first.words) == ("The mail came back", second.words)
    end(posting, "replied", by=rep, now=now + 2 * LATER)
    assert given(called) == ["issued"]


def test_without_an_address_the_same_person_tells_them_what_stood_in_it(
    called: Offer, rep: User, now: datetime
) -> None:
    bounced(Message.objects.get(), now + LATER)
    telling = letter_task(called)
    assert (telling.reach, telling.assignee) == ("phone", rep)
    assert telling.calls_from and telling.calls_until
    end(telling, "talked", by=rep, now=now + 2 * LATER)
    assert (letters(called), given(called)) == ([("email", False), ("", True)], ["issued"])


def test_who_left_the_team_leaves_it_to_a_colleague(called: Offer, rep: User, now: datetime) -> None:
    User.objects.filter(pk=rep.pk).update(is_active=False)
    bounced(Message.objects.get(), now + LATER)
    assert (letter_task(called).assignee, letter_task(called).team) == (None, rep.team)


def test_off_the_phone_the_letter_does_not_go_to_the_address_that_sent_it_back(
    called: Offer, rep: User, now: datetime
) -> None:
    bounced(Message.objects.get(), now + LATER)
    telling = letter_task(called)
    end(telling, "wrong_number", by=rep, now=now + 2 * LATER)
    telling.refresh_from_db()
    assert (telling.status, telling.reach) == ("open", "find")


def test_an_address_that_is_found_gets_the_same_letter_once(called: Offer, rep: User, now: datetime) -> None:
    bounced(Message.objects.get(), now + LATER)
    finding = letter_task(called)
    end(finding, "wrong_number", by=rep, now=now + LATER)
    finding.refresh_from_db()
    take(finding, by=rep, now=now + LATER)
    found_way(finding, by=rep, now=now + LATER, email="grace@example.org")
    finding.refresh_from_db()
    attempt = end(finding, "replied", by=rep, now=now + 2 * LATER)
    again = Message.objects.get(status="queued")
    assert again.to_address == "grace@example.org"
    assert Compensation.objects.get().code in again.text  # type: ignore[operator]
    undo(attempt, by=rep, now=now + 2 * LATER + SECONDS)
    again.refresh_from_db()
    assert (again.status, letter_task(called).status) == ("taken_back", "held")
    end(finding, "replied", by=rep, now=now + 3 * LATER)
    assert Message.objects.filter(status="queued").count() == 1
    assert (letters(called), given(called)) == ([("email", False), ("email", True)], ["issued"])


def test_where_the_mail_was_all_it_is_taken_back_and_the_other_way_decided(
    mailed: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    bounced(Message.objects.get(), now + LATER)
    assert stands(mailed) == ("proposed", "open", "waiting")
    assert (mailed.channel, letters(mailed), given(mailed)) == ("phone", [("email", False)], ["reversed"])
    task.refresh_from_db()
    assert (task.reach, task.assignee) == ("phone", rep)
    approve(mailed, by=manager, now=now + LATER, version=mailed.version)
    end(task, "talked", by=rep, now=now + 2 * LATER)
    assert stands(mailed) == ("delivered", "resolved", "done")
    assert given(mailed) == ["reversed", "issued"]


def test_without_a_number_it_goes_by_post(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    live_at(incident.customer)
    type(incident.customer).objects.update(phone="")
    incident.customer.refresh_from_db()
    offer = approved(incident, task, by=manager, now=now, reach="email", letter_by="email")
    end(task, "replied", by=rep, now=now)
    sent(now)
    bounced(Message.objects.get(), now + LATER)
    assert stands(offer) == ("proposed", "open", "waiting")
    assert (offer.channel, offer.letter_by) == ("post", "post")
    approve(offer, by=manager, now=now + LATER, version=offer.version)
    print_letter(offer, by=rep, now=now + LATER)
    end(task, "replied", by=rep, now=now + 2 * LATER)
    assert (stands(offer)[0], given(offer)) == ("delivered", ["reversed", "issued"])


def test_an_approved_search_goes_on_another_way_without_a_new_decision(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now, reach="find", letter_by="")
    CareTask.objects.filter(pk=task.pk).update(reach="email")
    end(task, "replied", by=rep, now=now)
    sent(now)
    bounced(Message.objects.get(), now + LATER)
    assert stands(offer) == ("approved", "open", "open")
    assert (CareTask.objects.get(pk=task.pk).reach, given(offer)) == ("phone", ["reversed"])


def test_a_first_letter_that_came_back_is_posted_and_the_call_goes_on(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    live_at(incident.customer)
    offer = approved(incident, task, by=manager, now=now, letter_by="email", letter_first=True)
    sent(now)
    bounced(Message.objects.get(), now + LATER)
    assert stands(offer) == ("approved", "open", "open")
    assert (letters(offer), given(offer)) == ([("email", False), ("post", True)], ["issued"])
    end(task, "talked", by=rep, now=now + LATER)
    assert stands(offer) == ("delivered", "resolved", "done")
    assert (letters(offer), given(offer)) == ([("email", False), ("post", True)], ["issued"])


def test_who_is_with_them_this_moment_keeps_the_task(
    mailed: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    CareTask.objects.filter(pk=task.pk).update(
        status="held", held_by=rep, held_at=now, held_until=now + LATER
    )
    bounced(Message.objects.get(), now + LATER)
    assert stands(mailed) == ("delivered", "resolved", "held")
    assert given(mailed) == ["issued"]
    assert letter_task(mailed).reach == "phone"


def test_who_has_used_the_coupon_has_heard_us(mailed: Offer, now: datetime) -> None:
    coupon = Compensation.objects.get()
    redeem(coupon, order="1010", redeemed_at=now + LATER, by=None, now=now + LATER)
    bounced(Message.objects.get(), now + LATER)
    assert Message.objects.get().status == "bounced"
    assert stands(mailed) == ("delivered", "resolved", "done")
    assert (letters(mailed), given(mailed)) == ([("email", True)], ["redeemed"])


def test_twice_back_is_once(called: Offer, now: datetime) -> None:
    """Not sent, and then the provider says that it came back."""
    live_at(called.incident.customer)
    message = Message.objects.get()
    bounced(message, now + LATER)
    bounced(message, now + 2 * LATER, number=2)
    follow_events(message, now=now + 2 * LATER)
    assert ProviderEvent.objects.count() == 2
    assert letters(called) == [("email", False), ("post", True)]
    assert CareTask.objects.filter(key__startswith="letter:").count() == 1


def test_what_went_another_way_is_not_sent_a_second_time(
    mailed: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    Message.objects.update(status="queued", send_at=now)
    factories.make_suppression(task.customer.email)
    sent(now)
    message = Message.objects.get()
    assert (message.status, given(mailed)) == ("failed", ["reversed"])
    with pytest.raises(Conflict, match="went another way"):
        send_again(message, by=manager, now=now + LATER)
    message.refresh_from_db()
    assert message.status == "failed"


def test_the_outcome_stands_once_its_letter_came_back(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    approved(incident, task, by=manager, now=now, reach="email", letter_by="email")
    attempt = end(task, "replied", by=rep, now=now)
    Message.objects.update(send_at=now)
    sent(now)
    bounced(Message.objects.get(), now + 2 * SECONDS)
    with pytest.raises(CannotUndo, match="so it stands"):
        undo(attempt, by=rep, now=now + 5 * SECONDS)


def test_a_letter_that_may_have_reached_them_keeps_its_coupon_when_it_is_taken_back(
    mailed: Offer, manager: User, now: datetime
) -> None:
    """Accepted and then cut, sent again, and that taken back in time: they may hold the first."""
    Message.objects.update(status="unknown", began_at=now)
    message = Message.objects.get()
    send_again(message, by=manager, now=now + 3 * LATER)
    assert stands(mailed) == ("delivered", "resolved", "done")
    take_back_mail(message, by=manager, now=now + 3 * LATER)
    assert (message.status, message.began_at) == ("unknown", now)
    assert stands(mailed) == ("delivered", "resolved", "done")
    assert (letters(mailed), given(mailed)) == ([("email", True)], ["issued"])
    bounced(message, now + 4 * LATER)
    assert (Message.objects.get().status, given(mailed)) == ("bounced", ["reversed"])


def test_a_mail_that_is_no_letter_opens_nothing(called: Offer, now: datetime) -> None:
    bounced(factories.make_message(called.incident.customer), now)
    assert letters(called) == [("email", True)]
    assert not CareTask.objects.filter(key__startswith="letter:").exists()

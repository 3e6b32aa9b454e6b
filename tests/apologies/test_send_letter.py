"""The letter goes in the order that the offer says: with its call, after it, before it, or alone."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.apologies.models import Compensation, Incident, Letter, Offer
from apps.apologies.services import (
    print_letter,
)
from apps.core.statuses import Conflict
from apps.outreach.models import Message
from apps.outreach.services import take_back_mail
from apps.worklist.models import CareTask
from apps.worklist.services import CannotUndo
from tests import factories

from .told import (
    SECONDS,
    WORDS,
    approved,
    change,
    close,
    end,
    given,
    letter_task,
    letters,
    live_at,
    sent,
    stands,
    undo,
)

pytestmark = pytest.mark.usefixtures("books_balance")
LATER = timedelta(minutes=6)


@pytest.fixture
def by_mail(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    """The mail is all."""
    return approved(incident, task, by=manager, now=now, reach="email", letter_by="email")


@pytest.fixture
def call_then_mail(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    return approved(incident, task, by=manager, now=now, letter_by="email")


@pytest.fixture
def call_then_post(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    live_at(incident.customer)
    return approved(incident, task, by=manager, now=now, letter_by="post")


@pytest.fixture
def by_post(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    live_at(incident.customer)
    return approved(incident, task, by=manager, now=now, reach="post", letter_by="post")


# Beside a call


def test_a_call_sends_its_letter_by_mail_with_what_it_gives(
    call_then_mail: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    assert letters(call_then_mail) == []
    end(task, "talked", by=rep, now=now + LATER)
    letter, coupon = Letter.objects.get(), Compensation.objects.get()
    assert letter.message
    assert (letter.message.subject, letter.message.to_address) == (
        "We are sorry: your order 1009",
        task.customer.email,
    )
    assert letter.message.text.startswith(WORDS)
    assert f"Your coupon of €10.00: {coupon.code}" in letter.message.text
    assert letter.message.text.startswith(letter.words)
    assert letter.message.send_at > now + LATER + 10 * SECONDS
    assert stands(call_then_mail) == ("delivered", "resolved", "done")


def test_no_letter_is_sent_where_the_offer_says_none(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now, letter_by="")
    end(task, "talked", by=rep, now=now)
    assert (letters(offer), given(offer)) == ([], ["issued"])


def test_after_the_call_somebody_posts_the_letter_by_the_next_business_day(
    call_then_post: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    end(task, "talked", by=rep, now=now + LATER)
    posting = letter_task(call_then_post)
    assert (posting.reach, posting.owed, posting.assignee, posting.team) == ("post", True, rep, rep.team)
    assert posting.due_at.date() == (now + timedelta(days=1)).date()
    end(posting, "replied", by=rep, now=now + 2 * LATER)
    assert given(call_then_post) == ["issued"]
    assert letters(call_then_post) == [("post", True)]
    assert CareTask.objects.get(pk=posting.pk).status == "done"


# A letter that is all


def test_send_the_letter_is_the_whole_delivery_of_a_mail(
    by_mail: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    end(task, "replied", by=rep, now=now)
    assert stands(by_mail) == ("delivered", "resolved", "done")
    assert (letters(by_mail), given(by_mail)) == ([("email", True)], ["issued"])
    assert Message.objects.get().status == "queued"


def test_a_letter_for_the_post_is_printed_before_it_is_posted(
    by_post: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    with pytest.raises(Conflict, match="Print the letter first"):
        end(task, "replied", by=rep, now=now)
    assert (given(by_post), stands(by_post)[0]) == ([], "approved")
    letter = print_letter(by_post, by=rep, now=now)
    assert f"{Compensation.objects.get().code}" in letter.words
    assert print_letter(by_post, by=rep, now=now) == letter
    end(task, "replied", by=rep, now=now)
    assert stands(by_post) == ("delivered", "resolved", "done")
    assert (letters(by_post), given(by_post)) == ([("post", True)], ["issued"])


def test_undoing_in_the_post_keeps_what_stands_on_the_paper(
    by_post: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    end_at = now + LATER
    print_letter(by_post, by=rep, now=now)
    undo(end(task, "replied", by=rep, now=end_at), by=rep, now=end_at + 5 * SECONDS)
    assert stands(by_post) == ("approved", "open", "held")
    assert (letters(by_post), given(by_post)) == ([("post", True)], ["issued"])
    end(task, "replied", by=rep, now=end_at + LATER)
    assert (letters(by_post), given(by_post)) == ([("post", True)], ["issued"])


def test_only_an_approved_letter_for_the_post_is_printed(
    call_then_mail: Offer, rep: User, other_rep: User, marketer: User, now: datetime
) -> None:
    with pytest.raises(Conflict, match="Only an approved letter"):
        print_letter(call_then_mail, by=rep, now=now)
    for stranger in (other_rep, marketer):
        with pytest.raises(PermissionDenied, match="prints their letters"):
            print_letter(call_then_mail, by=stranger, now=now)


def test_a_change_after_the_print_takes_the_paper_back(
    by_post: Offer, rep: User, second_manager: User, now: datetime
) -> None:
    print_letter(by_post, by=rep, now=now)
    change(by_post, second_manager, now)
    assert stands(by_post) == ("proposed", "open", "waiting")
    assert (letters(by_post), given(by_post)) == ([("post", False)], ["reversed"])


def test_an_approved_search_sends_its_letter_the_way_that_was_found(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now, reach="find", letter_by="")
    CareTask.objects.filter(pk=task.pk).update(reach="email")
    end(task, "replied", by=rep, now=now)
    assert letters(offer) == [("email", True)]


# Ten seconds


def test_taken_back_nothing_was_sent_or_given_and_it_can_be_delivered_anew(
    call_then_mail: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    attempt = end(task, "talked", by=rep, now=now + LATER)
    first = Compensation.objects.get().code
    undo(attempt, by=rep, now=now + LATER + 9 * SECONDS)
    assert stands(call_then_mail) == ("approved", "open", "held")
    assert Message.objects.get().status == "taken_back"
    assert (letters(call_then_mail), given(call_then_mail)) == ([("email", False)], ["reversed"])
    end(task, "talked", by=rep, now=now + 2 * LATER)
    coupon = Compensation.objects.get(status="issued")
    assert coupon.code != first
    again = Letter.objects.get(withdrawn_at=None).message
    assert again and again.status == "queued"
    assert coupon.code in again.text
    assert first not in again.text


def test_once_the_mail_left_the_outcome_stands_and_says_so(
    by_mail: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    attempt = end(task, "replied", by=rep, now=now)
    Message.objects.update(send_at=now)
    sent(now)
    with pytest.raises(CannotUndo, match="too late to take this back"):
        undo(attempt, by=rep, now=now + 9 * SECONDS)
    assert (stands(by_mail)[0], given(by_mail)) == ("delivered", ["issued"])


def test_undoing_a_call_withdraws_the_letter_task_unless_somebody_posts_it(
    call_then_post: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    attempt = end(task, "talked", by=rep, now=now)
    posting = letter_task(call_then_post)
    undo(attempt, by=rep, now=now + 5 * SECONDS)
    posting.refresh_from_db()
    assert (posting.status, letters(call_then_post)) == ("withdrawn", [("post", False)])

    attempt = end(task, "talked", by=rep, now=now + LATER)
    colleague = factories.make_user(name="Third", team=rep.team)
    posting = letter_task(call_then_post)
    CareTask.objects.filter(pk=posting.pk).update(
        status="held", held_by=colleague, held_at=now, held_until=now + LATER
    )
    with pytest.raises(CannotUndo, match="too late"):
        undo(attempt, by=rep, now=now + LATER + 5 * SECONDS)
    assert given(call_then_post) == ["reversed", "issued"]


def test_taken_back_among_the_mails_a_letter_that_is_all_is_open_again(
    by_mail: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    end(task, "replied", by=rep, now=now)
    take_back_mail(Message.objects.get(), by=manager, now=now + 8 * SECONDS)
    assert stands(by_mail) == ("approved", "open", "open")
    assert (letters(by_mail), given(by_mail)) == ([("email", False)], ["reversed"])
    task.refresh_from_db()
    assert (task.assignee, task.reach) == (rep, "email")
    end(task, "replied", by=rep, now=now + LATER)
    assert given(by_mail) == ["reversed", "issued"]


def test_taken_back_among_the_mails_the_letter_of_a_call_goes_another_way(
    call_then_mail: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    live_at(task.customer)
    end(task, "talked", by=rep, now=now)
    take_back_mail(Message.objects.get(), by=manager, now=now + 8 * SECONDS)
    assert stands(call_then_mail) == ("delivered", "resolved", "done")
    assert (letters(call_then_mail), given(call_then_mail)) == (
        [("email", False), ("post", True)],
        ["issued"],
    )


# No way for the mail


@pytest.mark.parametrize("closed", ["no address", "wrong address", "refused", "suppressed"])
def test_a_closed_mail_beside_a_call_becomes_a_letter_by_post(
    call_then_mail: Offer, task: CareTask, rep: User, now: datetime, closed: str
) -> None:
    live_at(task.customer)
    close(task.customer, closed, now)
    task = CareTask.objects.get(pk=task.pk)
    end(task, "talked", by=rep, now=now)
    assert stands(call_then_mail) == ("delivered", "resolved", "done")
    assert (letters(call_then_mail), given(call_then_mail)) == ([("post", True)], ["issued"])
    assert (letter_task(call_then_mail).reach, letter_task(call_then_mail).assignee) == ("post", rep)
    assert not Message.objects.exists()


@pytest.mark.parametrize("closed", ["no address", "refused", "suppressed"])
def test_where_a_mail_is_all_and_closed_nothing_is_given_and_another_way_is_decided(
    by_mail: Offer, task: CareTask, rep: User, now: datetime, closed: str
) -> None:
    close(task.customer, closed, now)
    task = CareTask.objects.get(pk=task.pk)
    attempt = end(task, "replied", by=rep, now=now)
    assert stands(by_mail) == ("proposed", "open", "waiting")
    assert (by_mail.channel, CareTask.objects.get(pk=task.pk).reach) == ("phone", "phone")
    assert (letters(by_mail), given(by_mail)) == ([], [])
    undo(attempt, by=rep, now=now + SECONDS)
    assert stands(by_mail) == ("approved", "open", "held")
    assert by_mail.channel == "email"


def test_mail_that_is_closed_meanwhile_is_not_sent_and_goes_another_way(
    call_then_mail: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    live_at(task.customer)
    end(task, "talked", by=rep, now=now)
    close(task.customer, "refused", now)
    sent(now)
    assert Message.objects.get().status == "failed"
    assert (letters(call_then_mail), given(call_then_mail)) == (
        [("email", False), ("post", True)],
        ["issued"],
    )

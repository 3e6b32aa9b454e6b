"""The letter that goes before its call: it is out, with what it gives, before anybody rings."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.shortcuts import resolve_url
from django.test import Client

from apps.accounts.models import User
from apps.apologies.models import Compensation, Incident, Offer
from apps.apologies.services import (
    lapse_approvals,
    refresh_offers,
    report_incident,
    resolve_incident,
    resolve_unfounded,
    reverse,
    withdraw_offer,
)
from apps.core.statuses import Conflict
from apps.customers.services import refuse_calls
from apps.outreach.models import Message
from apps.outreach.services import take_back_mail
from apps.worklist.models import CareTask
from apps.worklist.services import CannotUndo, sweep
from apps.worklist.services.leases import hold
from tests import factories

from .told import (
    SECONDS,
    approved,
    bounced,
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
def mail_first(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    return approved(incident, task, by=manager, now=now, letter_by="email", letter_first=True)


@pytest.fixture
def post_first(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    live_at(incident.customer)
    return approved(incident, task, by=manager, now=now, letter_by="post", letter_first=True)


def test_approving_sends_the_first_letter_and_opens_the_call(
    mail_first: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    assert stands(mail_first) == ("approved", "open", "open")
    assert (letters(mail_first), given(mail_first)) == ([("email", True)], ["issued"])
    end(task, "talked", by=rep, now=now + LATER)
    assert stands(mail_first) == ("delivered", "resolved", "done")
    assert (letters(mail_first), given(mail_first)) == ([("email", True)], ["issued"])


def test_undoing_the_call_leaves_the_letter_that_went_before_it(
    mail_first: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    undo(end(task, "talked", by=rep, now=now + LATER), by=rep, now=now + LATER + SECONDS)
    assert stands(mail_first) == ("approved", "open", "held")
    assert (letters(mail_first), given(mail_first)) == ([("email", True)], ["issued"])


def test_what_is_out_with_its_gift_is_not_changed_or_withdrawn_and_says_so(
    mail_first: Offer, second_manager: User, now: datetime
) -> None:
    sent(now)
    with pytest.raises(Conflict, match="Its letter is out already"):
        change(mail_first, second_manager, now + LATER)
    with pytest.raises(Conflict, match="Its letter is out already"):
        withdraw_offer(mail_first, by=second_manager, now=now, version=1, reason="A better one comes")
    assert (stands(mail_first)[0], given(mail_first)) == ("approved", ["issued"])


def test_before_it_has_left_a_change_takes_letter_and_gift_back(
    mail_first: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    change(mail_first, second_manager, now + SECONDS)
    assert stands(mail_first) == ("proposed", "open", "waiting")
    assert (letters(mail_first), given(mail_first)) == ([("email", False)], ["reversed"])
    assert Message.objects.get().status == "taken_back"


def test_taking_the_first_mail_back_takes_the_approval_back(
    mail_first: Offer, manager: User, now: datetime
) -> None:
    take_back_mail(Message.objects.get(), by=manager, now=now + SECONDS)
    assert stands(mail_first) == ("proposed", "open", "waiting")
    assert (letters(mail_first), given(mail_first)) == ([("email", False)], ["reversed"])


def test_an_approval_whose_letter_is_out_does_not_run_out(mail_first: Offer, now: datetime) -> None:
    sent(now)
    assert lapse_approvals(now=now + timedelta(days=60)) == 0
    assert (stands(mail_first)[0], given(mail_first)) == ("approved", ["issued"])


def test_what_grows_worse_after_its_letter_is_told_in_the_call(
    mail_first: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    sent(now)
    told: dict[str, Any] = {"kind": "lost", "severity": "serious", "detail": "It never came."}
    report_incident(task.customer, **told, order=mail_first.incident.order, by=rep, now=now + LATER)
    assert refresh_offers(now=now + LATER) == 0
    assert (stands(mail_first)[0], given(mail_first)) == ("approved", ["issued"])
    end(task, "talked", by=rep, now=now + LATER)
    assert stands(mail_first) == ("delivered", "resolved", "done")


def test_a_manager_who_closes_it_leaves_them_what_the_letter_gave(
    mail_first: Offer, manager: User, now: datetime
) -> None:
    sent(now)
    resolve_incident(mail_first.incident, reason="They wrote that all is well", by=manager, now=now + LATER)
    assert stands(mail_first) == ("delivered", "resolved", "withdrawn")
    assert given(mail_first) == ["issued"]


def test_what_never_happened_leaves_them_what_the_letter_gave(mail_first: Offer, now: datetime) -> None:
    sent(now)
    order = mail_first.incident.order
    assert order
    type(order).objects.filter(pk=order.pk).update(promised_on=now.date() + timedelta(days=9))
    assert resolve_unfounded(now=now + LATER) == 1
    assert stands(mail_first) == ("delivered", "resolved", "withdrawn")
    assert given(mail_first) == ["issued"]


def test_what_never_happened_takes_back_a_letter_that_has_not_left(mail_first: Offer, now: datetime) -> None:
    order = mail_first.incident.order
    assert order
    type(order).objects.filter(pk=order.pk).update(promised_on=now.date() + timedelta(days=9))
    assert resolve_unfounded(now=now + SECONDS) == 1
    assert stands(mail_first) == ("withdrawn", "resolved", "withdrawn")
    assert (letters(mail_first), given(mail_first)) == ([("email", False)], ["reversed"])
    assert Message.objects.get().status == "taken_back"


def test_where_no_call_is_to_be_had_the_letter_was_the_apology(
    mail_first: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    sent(now)
    attempt = end(task, "wrong_number", by=rep, now=now + LATER)
    assert stands(mail_first) == ("delivered", "resolved", "withdrawn")
    assert given(mail_first) == ["issued"]
    undo(attempt, by=rep, now=now + LATER + SECONDS)
    assert stands(mail_first) == ("approved", "open", "held")
    assert given(mail_first) == ["issued"]


def test_who_refuses_calls_after_the_letter_has_had_the_apology(
    mail_first: Offer, task: CareTask, now: datetime
) -> None:
    sent(now)
    refuse_calls(task.customer, origin="By mail", by=None, now=now + LATER)
    sweep(now=now + LATER)
    assert stands(mail_first) == ("delivered", "resolved", "withdrawn")


def test_a_gift_that_a_manager_reversed_lets_the_offer_be_changed(
    mail_first: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    sent(now)
    reverse(Compensation.objects.get(), reason="The wrong customer", by=manager, now=now + LATER)
    change(mail_first, second_manager, now + LATER)
    assert stands(mail_first) == ("proposed", "open", "waiting")


def test_the_call_waits_until_its_letter_had_two_business_days_in_the_post(
    post_first: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    assert stands(post_first) == ("approved", "open", "waiting")
    assert (letters(post_first), given(post_first)) == ([("post", True)], ["issued"])
    posting = letter_task(post_first)
    assert posting.assignee is None  # nobody has spoken with them yet: it is the team's
    friday = now + timedelta(days=2)
    attempt = end(posting, "replied", by=rep, now=friday)
    task.refresh_from_db()
    assert task.status == "open"
    assert task.opens_at and task.opens_at.astimezone().date() <= task.due_at.date()
    assert (task.opens_at + timedelta(hours=2)).date() == (friday + timedelta(days=4)).date()  # Tuesday
    undo(attempt, by=rep, now=friday + SECONDS)
    task.refresh_from_db()
    assert (task.status, task.opens_at) == ("waiting", None)
    end(posting, "replied", by=rep, now=friday + LATER)
    at = friday + timedelta(days=4)
    end(task, "talked", by=rep, now=at)
    assert stands(post_first) == ("delivered", "resolved", "done")
    assert (letters(post_first), given(post_first)) == ([("post", True)], ["issued"])


def test_a_posted_letter_is_not_undone_under_the_hands_of_who_calls(
    post_first: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    attempt = end(letter_task(post_first), "replied", by=rep, now=now)
    colleague = factories.make_user(name="Third", team=rep.team)
    CareTask.objects.filter(pk=task.pk).update(
        status="held", held_by=colleague, held_at=now, held_until=now + LATER
    )
    with pytest.raises(CannotUndo, match="Somebody calls them"):
        undo(attempt, by=rep, now=now + SECONDS)


def test_a_first_letter_whose_mail_is_closed_goes_by_post_and_the_call_waits(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    live_at(incident.customer)
    close(incident.customer, "suppressed", now)
    offer = approved(incident, task, by=manager, now=now, letter_by="email", letter_first=True)
    assert stands(offer) == ("approved", "open", "waiting")
    assert letters(offer) == [("post", True)]


def test_who_hears_it_by_a_call_alone_is_told_the_code_once(
    mail_first: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    """Its letter came back, and there is no address for the post: the call that was to come tells it."""
    sent(now)
    bounced(Message.objects.get(), now)
    assert (letters(mail_first), given(mail_first)) == ([("email", False), ("", True)], ["issued"])
    end(task, "talked", by=rep, now=now + LATER)
    assert stands(mail_first) == ("delivered", "resolved", "done")
    assert (letters(mail_first), given(mail_first)) == ([("email", False), ("", True)], ["issued"])


def test_its_mail_is_not_taken_back_under_the_call(
    client: Client, mail_first: Offer, task: CareTask, rep: User, second_manager: User, now: datetime
) -> None:
    task.refresh_from_db()
    hold(task, by=rep, now=now)
    message = Message.objects.get()
    client.force_login(second_manager)
    url = resolve_url("desk:take_back_mail", message.pk)
    page = client.post(url, follow=True).content.decode()
    assert f"{rep} is telling the customer about this offer right now." in page
    message.refresh_from_db()
    assert message.status == "queued"
    end(task, "talked", by=rep, now=now + LATER)
    assert stands(mail_first) == ("delivered", "resolved", "done")

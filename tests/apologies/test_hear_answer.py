"""A customer's answer opens the apology again, for the same person and before all else."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.apologies.models import Incident, Offer
from apps.apologies.services import hear_back
from apps.campaigns.mailing import send_for
from apps.core.statuses import Conflict
from apps.outreach.models import InboundMail, Message
from apps.outreach.replying import reply_address
from apps.outreach.services import take_back_mail
from apps.outreach.services.replies import read_mails
from apps.outreach.templating import Words
from apps.worklist.models import CareTask
from apps.worklist.services import take
from tests import factories

from .told import SECONDS, approved, end, given, letters, sent, stands, undo

LATER = timedelta(minutes=6)
DOOR = "/mail/replies/a-secret-of-the-tests/"


@pytest.fixture(autouse=True)
def _replies_have_a_door(settings: Any) -> None:
    settings.SENDGRID_REPLY_SECRET = "a-secret-of-the-tests"
    settings.SENDGRID_REPLY_DOMAIN = "replies.example.com"


@pytest.fixture
def told(incident: Incident, task: CareTask, rep: User, manager: User, now: datetime) -> Offer:
    """The call was had, and its letter left by mail."""
    offer = approved(incident, task, by=manager, now=now, letter_by="email")
    end(task, "talked", by=rep, now=now)
    sent(now)
    offer.refresh_from_db()
    return offer


def write(words: str, *, to: str, who: str, now: datetime) -> None:
    """A mail of theirs comes in by the provider's door, and is read."""
    fields = {
        "headers": f"Message-ID: <{len(words)}-{InboundMail.objects.count()}@example.com>\n",
        "from": f"Grace <{who}>",
        "to": to,
        "envelope": json.dumps({"to": [to], "from": who}),
        "subject": "Re: We are sorry",
        "text": words,
        "charsets": json.dumps({"text": "utf-8"}),
        "attachments": "0",
    }
    assert Client().post(DOOR, fields).status_code == 204
    read_mails(now=now)


def answer(offer: Offer, words: str, now: datetime) -> None:
    message = Message.objects.filter(letter__offer=offer).latest("pk")
    write(words, to=reply_address(message), who=message.to_address, now=now)


def test_a_reply_to_the_letter_is_on_the_desk_of_who_called_before_all_else(
    told: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    answer(told, "The coupon does not work.", now + LATER)
    assert stands(told) == ("delivered", "open", "open")
    task.refresh_from_db()
    assert (task.assignee, task.priority, task.attempts_made) == (rep, 0, 0)
    assert task.facts["wrote"] == "The coupon does not work."
    assert task.due_at.date() == (now + timedelta(days=1)).date()
    assert given(told) == ["issued"]


def test_a_mail_without_a_reference_is_about_the_last_apology(
    told: Offer, task: CareTask, now: datetime
) -> None:
    write("Thank you!", to="care@replies.example.com", who=task.customer.email, now=now + LATER)
    assert stands(told) == ("delivered", "open", "open")


def test_a_mail_months_later_is_about_something_else(told: Offer, task: CareTask, now: datetime) -> None:
    write("Hello", to="care@replies.example.com", who=task.customer.email, now=now + timedelta(days=31))
    assert stands(told) == ("delivered", "resolved", "done")


def test_a_reply_to_another_mail_opens_nothing(told: Offer, task: CareTask, now: datetime) -> None:
    other = factories.make_message(task.customer)
    write("Nice socks", to=reply_address(other), who=task.customer.email, now=now + LATER)
    assert stands(told) == ("delivered", "resolved", "done")


def test_written_down_by_hand_it_is_the_same(told: Offer, task: CareTask, rep: User, now: datetime) -> None:
    hear_back(told, text="  She rang: it came broken.  ", by=rep, now=now + LATER)
    assert stands(told) == ("delivered", "open", "open")
    task.refresh_from_db()
    assert (task.assignee, task.facts["wrote"]) == (rep, "She rang: it came broken.")


def test_nobody_answers_what_they_have_not_heard(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now)
    with pytest.raises(Conflict, match="have not heard"):
        hear_back(offer, text="Hello", by=rep, now=now)
    assert stands(offer) == ("approved", "open", "open")


def test_others_do_not_open_it(told: Offer, other_rep: User, marketer: User, now: datetime) -> None:
    for stranger in (other_rep, marketer):
        with pytest.raises(PermissionDenied):
            hear_back(told, text="Hello", by=stranger, now=now)
    assert stands(told) == ("delivered", "resolved", "done")


def test_who_left_leaves_it_to_the_team(told: Offer, task: CareTask, rep: User, now: datetime) -> None:
    User.objects.filter(pk=rep.pk).update(is_active=False)
    answer(told, "Hello?", now + LATER)
    task.refresh_from_db()
    assert (task.status, task.assignee, task.team) == ("open", None, rep.team)


def test_a_second_outcome_closes_it_and_gives_nothing_twice(
    told: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    answer(told, "The coupon does not work.", now + LATER)
    end(task, "talked", by=rep, now=now + 2 * LATER)
    assert stands(told) == ("delivered", "resolved", "done")
    incident = Incident.objects.get()
    assert incident.resolution == "Their answer was answered"
    assert (given(told), letters(told)) == (["issued"], [("email", True)])
    answer(told, "Now it does. Thank you!", now + 3 * LATER)
    assert stands(told) == ("delivered", "open", "open")


def test_undoing_the_second_outcome_opens_it_again(
    told: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    answer(told, "The coupon does not work.", now + LATER)
    attempt = end(task, "talked", by=rep, now=now + 2 * LATER)
    undo(attempt, by=rep, now=now + 2 * LATER + 5 * SECONDS)
    assert stands(told) == ("delivered", "open", "held")
    assert (given(told), letters(told)) == (["issued"], [("email", True)])


def test_a_second_answer_joins_the_first(told: Offer, task: CareTask, rep: User, now: datetime) -> None:
    answer(told, "One.", now + LATER)
    answer(told, "Two.", now + 2 * LATER)
    task.refresh_from_db()
    assert task.facts["wrote"] == "One.\n\nTwo."
    take(task, by=rep, now=now + 2 * LATER)
    answer(told, "Three. " + "x" * 5000, now + 3 * LATER)
    task.refresh_from_db()
    assert (task.status, task.held_by, len(task.facts["wrote"])) == ("held", rep, 2000)


def test_what_we_answer_by_mail_is_answered_to_the_same_task(
    incident: Incident, task: CareTask, rep: User, manager: User, shop: Shop, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now, reach="email", letter_by="email")
    end(task, "replied", by=rep, now=now)
    sent(now)
    answer(offer, "Which order was it?", now + LATER)
    task.refresh_from_db()
    send_for(task, Words("Your order", "It was 1009."), by=rep, shop=shop, now=now + 2 * LATER)
    assert stands(offer) == ("delivered", "resolved", "done")
    mine = Message.objects.get(key__startswith="task:")
    write("I see. Thank you.", to=reply_address(mine), who=mine.to_address, now=now + 3 * LATER)
    assert stands(offer) == ("delivered", "open", "open")


def test_the_workspace_shows_what_they_wrote_and_takes_an_answer_by_mail(
    incident: Incident, task: CareTask, rep: User, manager: User, client: Client, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now, reach="email", letter_by="email")
    end(task, "replied", by=rep, now=now)
    sent(now)
    answer(offer, "It is <b>still</b> broken.", now + LATER)
    take(CareTask.objects.get(pk=task.pk), by=rep, now=now + LATER)
    client.force_login(rep)
    page = client.get(reverse("desk:workspace", args=[task.pk])).content.decode()
    assert "They answered our apology" in page
    assert "It is &lt;b&gt;still&lt;/b&gt; broken." in page
    assert "Written and sent" in page
    assert "Send the letter" not in page
    assert "Send the mail" in page


def test_an_answer_by_mail_that_did_not_go_leaves_it_open(
    incident: Incident, task: CareTask, rep: User, manager: User, shop: Shop, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now, reach="email", letter_by="email")
    end(task, "replied", by=rep, now=now)
    sent(now)
    answer(offer, "Which order was it?", now + LATER)
    task.refresh_from_db()
    send_for(task, Words("Your order", "It was 1009."), by=rep, shop=shop, now=now + 2 * LATER)
    take_back_mail(Message.objects.get(key__startswith="task:"), by=rep, now=now + 2 * LATER)
    assert stands(offer) == ("delivered", "open", "open")

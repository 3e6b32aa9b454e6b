"""The workspace shows the letter and how an apology reaches them, and its outcome says what became of it."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Compensation, Incident, Letter
from apps.apologies.refusals import OverLimit
from apps.apologies.services import compensations, print_letter
from apps.worklist.models import CareTask
from apps.worklist.services import take
from apps.worklist.services.leases import hold
from tests import factories
from tests.apologies.told import approved, end, letter_task, live_at, stands


def desk_of(client: Client, task: CareTask) -> str:
    page = client.get(reverse("desk:workspace", args=[task.pk])).content.decode()
    return unescape(re.sub(r"\s+", " ", page))


def test_the_workspace_of_a_mail_shows_the_whole_letter_above_its_outcome(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    approved(incident, task, by=manager, now=at, reach="email", letter_by="email")
    take(task, by=rep, now=at)
    page = desk_of(signed_in, task)
    assert 0 < page.index("your parcel was late, and that was our fault.") < page.index("How did it end?")
    assert re.search(r"<details[^>]* open", page)
    assert "Send the letter" in page
    assert "as it was approved" in page


def test_the_workspace_of_a_letter_prints_it(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    live_at(incident.customer)
    offer = approved(incident, task, by=manager, now=at, reach="post", letter_by="post")
    take(task, by=rep, now=at)
    page = desk_of(signed_in, task)
    assert 'data-key="p"' in page
    assert reverse("desk:print_letter", args=[offer.pk]) in page
    assert "It is in the post" in page
    outcome = reverse("desk:outcome", args=[task.pk])
    said = signed_in.post(outcome, {"outcome": "replied"}).content.decode()
    assert "Print the letter first" in said
    print_letter(offer, by=rep, now=at)
    assert Compensation.objects.get().code in desk_of(signed_in, task)  # type: ignore[operator]
    assert signed_in.post(outcome, {"outcome": "replied"}).status_code == 302
    assert stands(offer) == ("delivered", "resolved", "done")


@pytest.mark.parametrize(
    ("letter_by", "told"),
    [
        ("email", ("A call, then a letter by e-mail.", " is on its way, with the letter by e-mail.")),
        ("post", ("A call, then a letter by post.", " is given; posting the letter is a task.")),
        ("", ("A call, and no letter.", " is given.")),
    ],
)
def test_a_call_says_how_the_apology_reaches_them_and_what_it_gave(
    signed_in: Client,
    incident: Incident,
    task: CareTask,
    rep: User,
    manager: User,
    at: datetime,
    letter_by: str,
    told: tuple[str, str],
) -> None:
    way, then = told
    live_at(incident.customer)
    offer = approved(incident, task, by=manager, now=at, letter_by=letter_by)
    hold(task, by=rep, now=at)
    assert f"How it reaches them: {way}" in desk_of(signed_in, task)
    answer = signed_in.post(f"/calls/{task.pk}/outcome/", {"outcome": "talked"}, follow=True)
    said = f"Talked with Grace. Their {offer.get_compensation_display().lower()} of €"
    page = unescape(answer.content.decode())
    assert said in page
    assert then in page


def test_who_posts_after_a_call_sees_the_letter_with_its_code(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    live_at(incident.customer)
    offer = approved(incident, task, by=manager, now=at, letter_by="post")
    end(task, "talked", by=rep, now=at)
    posting = letter_task(offer)
    take(posting, by=rep, now=at)
    page = desk_of(signed_in, posting)
    assert Compensation.objects.get().code in page  # type: ignore[operator]
    assert "It is in the post" in page
    assert reverse("desk:print_letter", args=[offer.pk]) in page
    assert "12 Harbour Lane" in page


def test_nothing_was_sent_where_their_mail_is_closed_and_the_toast_says_so(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, reach="email", letter_by="email")
    factories.make_suppression(task.customer.email)
    take(task, by=rep, now=at)
    outcome = reverse("desk:outcome", args=[task.pk])
    page = signed_in.post(outcome, {"outcome": "replied"}, follow=True).content.decode()
    assert "Nothing was sent: the mail of Grace is closed to us." in page
    assert "A manager decides on the offer anew before it goes on." in page
    assert stands(offer) == ("proposed", "open", "waiting")


def test_an_outcome_above_a_limit_says_why_and_changes_nothing(
    signed_in: Client,
    incident: Incident,
    task: CareTask,
    rep: User,
    manager: User,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def over(*args: Any, **kwargs: Any) -> None:
        raise OverLimit("The budget holds no more.")

    offer = approved(incident, task, by=manager, now=at, reach="email", letter_by="email")
    take(task, by=rep, now=at)
    monkeypatch.setattr(compensations, "check_again", over)
    outcome = reverse("desk:outcome", args=[task.pk])
    assert "The budget holds no more." in signed_in.post(outcome, {"outcome": "replied"}).content.decode()
    assert stands(offer) == ("approved", "open", "held")
    assert not Letter.objects.exists()

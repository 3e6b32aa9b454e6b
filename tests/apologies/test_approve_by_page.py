"""Approve, return, decline and edit by the approvals page; whoever comes late is told what happened."""

import re
from datetime import datetime

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.services import approve
from apps.worklist.models import CareTask, TaskStatus
from tests import factories
from tests.apologies.pages import URL, shown, url_of


def test_approving_by_the_page_opens_the_next(
    desk: Client, offer: Offer, task: CareTask, manager: User
) -> None:
    following = factories.make_offer()
    page = desk.post(url_of(offer, "approve_offer"), {"version": 1})
    assert page.headers["Location"] == url_of(following)
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, offer.decided_by, task.status) == ("approved", manager, TaskStatus.OPEN)
    assert "€10.00 for" in shown(desk, following)


def test_the_last_decision_returns_to_the_list(desk: Client, offer: Offer) -> None:
    page = desk.post(url_of(offer, "approve_offer"), {"version": 1}, follow=True)
    assert page.redirect_chain == [(URL, 302)]
    assert "Nothing to decide" in page.content.decode()


def test_returning_with_a_chip_and_words(desk: Client, offer: Offer) -> None:
    desk.post(
        url_of(offer, "return_offer"), {"version": 1, "chip": "Words need work", "reason": "Say which day."}
    )
    offer.refresh_from_db()
    assert (offer.status, offer.decision_note) == ("returned", "Words need work: Say which day.")


@pytest.mark.parametrize(
    ("name", "words"),
    [("return_offer", "Say what to change"), ("decline_offer", "Say why nothing is owed")],
)
def test_a_decision_without_its_reason_asks_for_it(desk: Client, offer: Offer, name: str, words: str) -> None:
    page = desk.post(url_of(offer, name), {"version": 1})
    assert page.status_code == 422
    assert words in page.content.decode()
    offer.refresh_from_db()
    assert offer.status == "proposed"


def test_declining_with_a_note(desk: Client, offer: Offer, task: CareTask) -> None:
    desk.post(url_of(offer, "decline_offer"), {"version": 1, "note": "It arrived on time."})
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, task.status) == ("declined", TaskStatus.WITHDRAWN)


def test_editing_makes_it_wait_for_others(desk: Client, offer: Offer, second_manager: User) -> None:
    facts = {"version": 1, "words": offer.words, "compensation": "credit", "amount": "25.00"}
    facts["departure"] = "They waited at home for it"
    page = desk.post(url_of(offer, "edit_offer"), facts, follow=True)
    text = page.content.decode()
    assert "You proposed or changed this offer, so somebody else has to decide." in text
    assert "Max Weber" in text
    assert "Approve €25.00" not in text
    assert desk.get(URL).context["count"] == 0
    assert desk.get(f"{URL}?tab=others").context["count"] == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "500"}, "At most €74.25: 150 % of the order."),
        ({"words": ""}, "Write the letter"),
        ({"amount": "0"}, "greater than or equal to 0.01"),
    ],
)
def test_an_edit_outside_the_rails_shows_the_form_again(
    desk: Client, offer: Offer, changes: dict[str, str], words: str
) -> None:
    facts = {"version": 1, "words": offer.words, "compensation": "coupon", "amount": "25.00"}
    page = desk.post(url_of(offer, "edit_offer"), {**facts, **changes})
    assert page.status_code == 422
    assert words in page.content.decode()
    offer.refresh_from_db()
    assert offer.version == 1


def test_a_stale_tab_is_told_what_happened(
    desk: Client, offer: Offer, second_manager: User, now: datetime
) -> None:
    approve(offer, by=second_manager, now=now, version=1)
    page = desk.post(url_of(offer, "approve_offer"), {"version": 1}, follow=True)
    assert re.search(r"Max Weber approved this \d+ \w+ ago\. Nothing to do\.", page.content.decode())


@pytest.mark.parametrize(
    "name",
    [
        "approve_offer",
        "return_offer",
        "decline_offer",
        "edit_offer",
        "lower_offer",
        "hand_over_offer",
        "withdraw_offer",
    ],
)
def test_decisions_are_posted_only(desk: Client, offer: Offer, name: str) -> None:
    assert desk.get(url_of(offer, name)).status_code == 405


@pytest.mark.parametrize("asked", ["return", "decline", "edit", "lower", "hand_over", "withdraw"])
def test_each_form_opens_without_scripts(desk: Client, offer: Offer, asked: str) -> None:
    page = shown(desk, offer, f"?do={asked}")
    assert f'aria-labelledby="{asked}-title" open>' in page
    assert page.count(f'id="{asked}"') == 1

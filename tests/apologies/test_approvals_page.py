"""The approvals page: its list, an open offer, and who may read and decide."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role, Team, User
from apps.apologies.models import Offer
from apps.apologies.services import edit_offer, return_offer
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.pages import URL, shown, url_of

FRAME = 6  # session, user, shop, what waits, today's share, the draft of a contact


def edited(offer: Offer, by: User, now: datetime) -> None:
    facts = {"words": offer.words, "compensation": "coupon", "amount": Decimal(20)}
    facts["departure"] = "They waited at home for it"
    edit_offer(offer, **facts, by=by, now=now, version=offer.version)  # type: ignore[arg-type]


def test_offers_are_listed_in_the_order_in_which_they_are_owed(desk: Client, offer: Offer) -> None:
    sooner = factories.make_offer(due_at=factories.NOW + timedelta(hours=1))
    page = desk.get(URL)
    assert list(page.context["rows"]) == [sooner, offer]
    assert "2 offers to decide" in page.content.decode()


def test_the_line_above_the_list_counts_from_the_day_it_is_owed_as_the_rows_do(
    desk: Client, offer: Offer
) -> None:
    at = timezone.now()
    Offer.objects.update(due_at=at + timedelta(days=1), proposed_at=at - timedelta(days=8))
    assert "The first is" not in desk.get(URL).content.decode()
    Offer.objects.update(due_at=at - timedelta(days=2, hours=1), proposed_at=at - timedelta(days=8))
    factories.make_offer(due_at=at - timedelta(days=1, hours=1))
    page = desk.get(URL).content.decode()
    assert "The first is 2 days late." in page
    assert "2 days late</span>" in page
    assert "1 day late</span>" in page
    assert "8 days" not in page


def test_the_hint_says_what_the_keys_do(desk: Client, offer: Offer) -> None:
    page = desk.get(URL).content.decode()
    assert "<kbd>J</kbd> <kbd>K</kbd> move, then <kbd>Enter</kbd> opens" in page


def test_the_open_offer_shows_letter_amount_checks_and_history(desk: Client, offer: Offer) -> None:
    page = shown(desk, offer)
    assert "Approve €10.00" in page
    assert "order 1009 of €49.50" in page
    assert "20.2 %" in page
    assert "your parcel was late, and that was our fault." in page
    assert "Owns the fault" in page
    assert "Order 1009 placed" in page
    assert "Nothing</dd>" in page


def test_whoever_decides_reads_why_it_is_not_what_is_suggested(desk: Client, offer: Offer) -> None:
    assert "Why it is not what is suggested" not in shown(desk, offer)
    Offer.objects.update(departure="They waited <three> weeks")
    assert "<dd><strong>They waited &lt;three&gt; weeks</strong></dd>" in shown(desk, offer)


def test_failing_checks_come_first(desk: Client, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(words="Unfortunately the carrier was slow.")
    page = desk.get(url_of(offer))
    checks = page.context["drawer"].checks
    assert [check.holds for check in checks] == sorted(check.holds for check in checks)
    failing = {check.name for check in checks if not check.holds}
    assert {"Owns the fault", "Says sorry plainly", "Blames nobody else"} <= failing


def test_earlier_gifts_and_usual_amounts_are_shown(desk: Client, offer: Offer, manager: User) -> None:
    customer = offer.incident.customer
    recently = timezone.now() - timedelta(days=30)
    decided = {"status": "delivered", "decided_by": manager, "decided_at": recently}
    for amount in ("8.00", "12.00", "30.00"):
        factories.make_offer(factories.make_incident(customer), amount=Decimal(amount), **decided)
    page = shown(desk, offer)
    assert "€50.00, 3 times" in page
    assert "Middle of the last 3 for the same failure</dt><dd>€12.00" in page
    assert "We apologised 3 times in 12 months" in page


def test_ones_own_offer_has_no_button_and_no_way_around_it(
    desk: Client, offer: Offer, manager: User, now: datetime
) -> None:
    edited(offer, manager, now)
    page = shown(desk, offer)
    assert "Approve €" not in page
    assert reverse("desk:approve_offer", args=[offer.pk]) not in page
    facts = {"version": 2, "note": "x", "reason": "x"}
    for name in ("approve_offer", "return_offer", "decline_offer"):
        assert desk.post(url_of(offer, name), facts).status_code == 403
    offer.refresh_from_db()
    assert offer.status == "proposed"


def test_an_only_manager_is_told_whom_to_add(
    desk: Client, offer: Offer, manager: User, now: datetime
) -> None:
    edited(offer, manager, now)
    page = shown(desk, offer)
    assert "Nobody else can decide on this." in page
    assert "Add a second manager to the team Care: ask an admin to." in page


def test_an_admin_without_managers_gets_the_way_to_add_one(
    client: Client, offer: Offer, admin: User, now: datetime
) -> None:
    edited(offer, admin, now)
    client.force_login(admin)
    page = shown(client, offer)
    assert "Nobody else can decide on this." in page
    assert f'href="{reverse("accounts:people")}">Add a manager' in page


def test_a_rep_reads_their_teams_offers_and_decides_nothing(
    signed_in: Client, offer: Offer, manager: User
) -> None:
    page = shown(signed_in, offer)
    assert "Managers decide on offers. Ask one of your team. Ida Holm can." in page
    assert "Approve €" not in page
    for name in ("approve_offer", "return_offer", "decline_offer"):
        assert signed_in.post(url_of(offer, name), {"version": 1}).status_code == 403
    facts = {"version": 1, "words": "x", "compensation": "coupon", "amount": "5"}
    assert signed_in.post(url_of(offer, "edit_offer"), facts).status_code == 403


def test_a_rep_changes_what_came_back(
    signed_in: Client, offer: Offer, rep: User, manager: User, now: datetime
) -> None:
    return_offer(offer, by=manager, now=now, version=1, reason="Facts are missing")
    assert signed_in.get(f"{URL}?tab=returned").context["count"] == 1
    page = shown(signed_in, offer)
    assert "<strong>Ida Holm returned this:</strong> Facts are missing" in page
    facts = {"version": 1, "words": "It was our fault. I am sorry.", "compensation": "coupon", "amount": "15"}
    signed_in.post(url_of(offer, "edit_offer"), facts)
    offer.refresh_from_db()
    assert (offer.status, offer.proposed_by, offer.amount) == ("proposed", rep, 15)


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER])
def test_another_teams_offer_is_not_found(client: Client, offer: Offer, role: Role) -> None:
    client.force_login(factories.make_user(role, team=factories.make_team("Stores")))
    assert client.get(url_of(offer)).status_code == 404
    assert client.get(f"{URL}?tab=others").context["count"] == 0
    names = ("approve_offer", "return_offer", "decline_offer", "edit_offer", "lower_offer")
    for name in (*names, "hand_over_offer", "withdraw_offer"):
        assert client.post(url_of(offer, name), {"version": 1}).status_code in {403, 404}
    offer.refresh_from_db()
    assert offer.status == "proposed"


def test_nobody_reads_without_signing_in(client: Client, offer: Offer) -> None:
    assert client.get(URL).status_code == 302
    assert client.get(url_of(offer)).status_code == 302


def test_queries_do_not_grow_with_the_list(desk: Client, team: Team) -> None:
    """Frame, counts, rows; the offer, given before, similar ones, incidents, log, who decides; and how far
    their word goes: limits, what counts beside it, the budget."""
    counts = []
    desk.get(URL)  # the first look of a day makes what the frame keeps
    for size in (2, 25):
        while Offer.objects.count() < size:
            order = factories.make_order()
            incident = factories.make_incident(order.customer, order=order)
            last = factories.make_offer(incident, task=owe(incident, team=team))
        with CaptureQueriesContext(connection) as queries:
            assert len(desk.get(URL).context["rows"]) == size
            of_list = len(queries)
            shown(desk, last)
            counts.append((of_list, len(queries) - of_list))
    assert counts[0] == counts[1]
    assert counts[0][0] <= FRAME + 2
    assert counts[0][1] <= FRAME + 18


def test_a_letter_without_words_says_who_writes_it(desk: Client, offer: Offer) -> None:
    assert "Nobody has written it yet." not in shown(desk, offer)
    Offer.objects.update(words="")
    page = shown(desk, offer)
    assert 'Nobody has written it yet. <a href="?do=edit" data-dialog="#edit">Write it</a>' in page

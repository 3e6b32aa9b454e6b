"""More decisions by the approvals page: lower, hand over, take back, several at once, a second person."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.apologies.models import Offer
from apps.apologies.services import approve, remind_approvers, withdraw_offer
from tests import factories
from tests.apologies.pages import URL, shown, url_of
from tests.apologies.second import ask_for_two


def test_approving_less(desk: Client, offer: Offer, manager: User) -> None:
    page = desk.post(
        url_of(offer, "lower_offer"), {"version": 1, "amount": "6.00", "reason": "A day late"}, follow=True
    )
    offer.refresh_from_db()
    assert (offer.status, offer.amount, offer.decided_by) == ("approved", Decimal("6.00"), manager)
    assert "€6.00 for" in page.content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"amount": "12.00", "reason": "x"}, "Give less than €10.00"),
        ({"amount": "6.00", "reason": ""}, "Say why it is less"),
    ],
)
def test_what_is_not_less_is_asked_again(
    desk: Client, offer: Offer, facts: dict[str, str], words: str
) -> None:
    page = desk.post(url_of(offer, "lower_offer"), {"version": 1, **facts})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'aria-labelledby="lower-title" open>' in page.content.decode()


def test_handing_over_to_who_is_here(
    desk: Client, offer: Offer, second_manager: User, admin: User, rep: User
) -> None:
    assert set(desk.get(url_of(offer)).context["hand_over_form"].fields["to"].queryset) == {
        second_manager,
        admin,
    }
    desk.post(url_of(offer, "hand_over_offer"), {"version": 1, "to": second_manager.pk})
    offer.refresh_from_db()
    assert offer.approver == second_manager
    assert "On Max Weber’s desk" in shown(desk, offer)
    page = desk.post(url_of(offer, "hand_over_offer"), {"version": 1, "to": rep.pk})
    assert page.status_code == 422


def test_the_tab_of_ones_own_desk(client: Client, offer: Offer, manager: User, second_manager: User) -> None:
    factories.make_offer()
    Offer.objects.filter(pk=offer.pk).update(approver=second_manager)
    client.force_login(second_manager)
    assert list(client.get(f"{URL}?tab=mine").context["rows"]) == [offer]
    assert client.get(URL).context["count"] == 2
    assert "On your desk" in shown(client, offer)


def test_the_page_says_why_it_lies_with_a_deputy(
    desk: Client, offer: Offer, manager: User, second_manager: User
) -> None:
    today = timezone.now().date()
    second_manager.absences.create(first_day=today - timedelta(days=1), last_day=today + timedelta(days=1))
    Offer.objects.update(approver=second_manager, due_at=timezone.now() + timedelta(days=90))
    remind_approvers(now=timezone.now())
    assert "On your desk: Max Weber is not here today" in shown(desk, offer)


def test_taking_back_and_writing_another(desk: Client, offer: Offer, manager: User) -> None:
    desk.post(url_of(offer, "withdraw_offer"), {"version": 1, "reason": "Wrong order"})
    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    page = desk.get(f"{URL}?tab=returned")
    assert list(page.context["rows"]) == [offer]
    assert "Taken back" in page.content.decode()
    text = shown(desk, offer)
    assert "This was taken back, and the apology is still owed." in text
    assert "Write another offer" in text
    facts = {"version": 1, "words": "I am sorry.", "compensation": "coupon", "amount": "8"}
    desk.post(url_of(offer, "edit_offer"), facts)
    offer.refresh_from_db()
    assert (offer.status, offer.proposed_by) == ("proposed", manager)


def test_an_edit_sets_cost_moment_and_letter_in_the_viewers_zone(
    desk: Client, offer: Offer, manager: User
) -> None:
    facts = {"version": 1, "words": offer.words, "compensation": "coupon", "amount": "8", "parts": "True"}
    parts = {"cost": "3.50", "departure": "A day late", "moment": "2027-01-05T10:00", "letter_by": "post"}
    desk.post(url_of(offer, "edit_offer"), {**facts, **parts, "letter_first": "on"})
    offer.refresh_from_db()
    assert (offer.cost, offer.departure, offer.letter_by, offer.letter_first) == (
        Decimal("3.50"),
        "A day late",
        "post",
        True,
    )
    assert offer.moment == datetime(2027, 1, 5, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    text = shown(desk, offer)
    assert 'value="2027-01-05T10:00"' in text
    assert "How it reaches them: A letter by post, then a call; not before" in text


def test_an_older_page_leaves_those_parts_alone(desk: Client, offer: Offer) -> None:
    Offer.objects.update(letter_by="post", departure="Kept", cost=Decimal(2))
    facts = {"version": 1, "words": offer.words, "compensation": "coupon", "amount": "10"}
    desk.post(url_of(offer, "edit_offer"), facts)
    offer.refresh_from_db()
    assert (offer.letter_by, offer.departure, offer.cost) == ("post", "Kept", 2)


def test_several_at_once_and_those_that_stay_say_why(
    desk: Client, offer: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    stale, other = factories.make_offer(), factories.make_offer()
    own = factories.make_offer(proposed_by=manager)
    approve(stale, by=second_manager, now=now, version=1)
    chosen = [f"{one.pk}:1" for one in (offer, stale, other, own)]
    page = desk.post(reverse("desk:approve_chosen"), {"chosen": chosen}, follow=True)
    text = page.content.decode()
    assert "2 approved." in text
    assert f"{stale.incident.customer}: Max Weber approved this" in text
    assert f"{own.incident.customer}: You proposed or changed this offer" in text
    assert set(Offer.objects.filter(decided_by=manager)) == {offer, other}


@pytest.mark.parametrize("chosen", [[], ["nothing"], ["1"], ["1:1 OR 1"], ["99999999999999999999:1"]])
def test_choosing_nothing_changes_nothing(desk: Client, offer: Offer, chosen: list[str]) -> None:
    page = desk.post(reverse("desk:approve_chosen"), {"chosen": chosen}, follow=True)
    assert "Choose the offers first" in page.content.decode()
    offer.refresh_from_db()
    assert offer.status == "proposed"


def test_another_teams_are_not_approved_along(client: Client, offer: Offer) -> None:
    client.force_login(factories.make_user(Role.MANAGER, team=factories.make_team("Stores")))
    client.post(reverse("desk:approve_chosen"), {"chosen": [f"{offer.pk}:1"]})
    offer.refresh_from_db()
    assert offer.status == "proposed"


def test_reps_have_no_boxes_and_no_way_around(signed_in: Client, offer: Offer) -> None:
    assert 'name="chosen"' not in signed_in.get(URL).content.decode()
    assert signed_in.post(reverse("desk:approve_chosen"), {"chosen": [f"{offer.pk}:1"]}).status_code == 403
    for name in ("lower_offer", "hand_over_offer", "withdraw_offer"):
        facts = {"version": 1, "amount": "5", "reason": "x", "to": 1}
        assert signed_in.post(url_of(offer, name), facts).status_code in {403, 404}


def test_the_first_of_two_waits_for_others(
    desk: Client,
    offer: Offer,
    manager: User,
    second_manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_for_two(monkeypatch)
    page = desk.post(url_of(offer, "approve_offer"), {"version": 1}, follow=True)
    assert "A second person has to as well." in page.content.decode()
    text = shown(desk, offer)
    assert "Approve €" not in text
    assert url_of(offer, "approve_offer") not in text
    assert "You approved this first. A second person has to. Max Weber can." in text
    assert "Needs a second approval" in text
    for name in ("approve_offer", "lower_offer", "return_offer", "decline_offer", "hand_over_offer"):
        facts = {"version": 1, "reason": "x", "note": "x", "amount": "1", "to": second_manager.pk}
        assert desk.post(url_of(offer, name), facts).status_code == 403
    assert desk.get(URL).context["count"] == 0
    assert desk.get(f"{URL}?tab=others").context["count"] == 1
    desk.force_login(second_manager)
    assert "Ida Holm approved this first" in shown(desk, offer)
    assert desk.get(URL).context["count"] == 1
    desk.post(url_of(offer, "approve_offer"), {"version": 1})
    offer.refresh_from_db()
    assert (offer.status, offer.decided_by) == ("approved", second_manager)
    assert "Max Weber and Ida Holm approved these words" in shown(desk, offer)


def test_a_proposing_rep_takes_it_back(signed_in: Client, offer: Offer, rep: User) -> None:
    assert "Take back" not in shown(signed_in, offer)
    Offer.objects.update(proposed_by=rep)
    assert "Take back" in shown(signed_in, offer)
    signed_in.post(url_of(offer, "withdraw_offer"), {"version": 1, "reason": "Wrong order"})
    offer.refresh_from_db()
    assert offer.status == "withdrawn"


def test_the_back_office_looks_and_changes_nothing(client: Client, offer: Offer, admin: User) -> None:
    client.force_login(admin)
    admins = site._registry[Offer]
    assert client.get(f"/admin/apologies/offer/{offer.pk}/change/").status_code == 200
    for address in (f"{offer.pk}/change/", f"{offer.pk}/delete/", "add/"):
        data = {"status": "approved", "post": "yes", "amount": "1"}
        assert client.post(f"/admin/apologies/offer/{address}", data).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [offer.pk], "post": "yes"}
    client.post("/admin/apologies/offer/", bulk)
    offer.refresh_from_db()
    assert (offer.status, offer.amount, list(admins.actions)) == ("proposed", Decimal("10.00"), [])


def test_what_was_taken_back_under_an_older_page_is_said(
    desk: Client, offer: Offer, second_manager: User, now: datetime
) -> None:
    withdraw_offer(offer, by=second_manager, now=now, version=1, reason="Wrong order")
    page = desk.post(url_of(offer, "approve_offer"), {"version": 1}, follow=True)
    assert "This was" in page.content.decode()
    offer.refresh_from_db()
    assert offer.status == "withdrawn"


def test_the_page_asks_for_the_reason_anew_where_the_amount_changes(desk: Client, offer: Offer) -> None:
    facts = {"version": 1, "words": offer.words, "compensation": "coupon", "parts": "True"}
    desk.post(url_of(offer, "edit_offer"), {**facts, "amount": "60", "departure": "Twice"})
    page = shown(desk, offer)
    assert "So far: Twice. Another amount or gift needs it anew." in page
    assert 'value="Twice"' not in page
    again = {**facts, "version": 2, "amount": "70", "departure": ""}
    answer = desk.post(url_of(offer, "edit_offer"), again)
    assert "Say why this one gives €70.00" in answer.content.decode()
    desk.post(url_of(offer, "edit_offer"), {**again, "amount": "60", "words": "I am sorry."})
    offer.refresh_from_db()
    assert (offer.words, offer.departure) == ("I am sorry.", "Twice")


def test_the_cost_follows_on_the_page_where_nothing_else_is_written(desk: Client, offer: Offer) -> None:
    Offer.objects.update(cost=Decimal(4))
    assert "€4.00 so far. Empty: it follows the amount in proportion." in shown(desk, offer)
    facts = {"version": 1, "words": offer.words, "compensation": "coupon", "amount": "8", "parts": "True"}
    desk.post(url_of(offer, "edit_offer"), {**facts, "cost": ""})
    offer.refresh_from_db()
    assert offer.cost == Decimal("3.20")

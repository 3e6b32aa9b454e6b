import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.accounts.models import Role, Team, User
from apps.apologies.models import Budget, Limit, Offer
from apps.apologies.refusals import OverLimit
from apps.apologies.services import approve, edit_offer, return_offer
from apps.worklist.models import CareTask, TaskStatus
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.money import make_budget

URL = "/approvals/"
FRAME = 6  # session, user, shop, what waits, today's share, the draft of a contact


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """The browser of a manager."""
    client.force_login(manager)
    return client


def url_of(offer: Offer, name: str = "offer") -> str:
    return reverse(f"desk:{name}", args=[offer.pk])


def shown(client: Client, offer: Offer, query: str = "") -> str:
    page = client.get(url_of(offer) + query)
    assert page.status_code == 200
    return page.content.decode()


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


def test_what_an_approval_would_meet_is_told_before_it(
    desk: Client, offer: Offer, manager: User, now: datetime
) -> None:
    assert "more than you can approve" not in shown(desk, offer)
    Limit.objects.create(role="manager", one_offer=Decimal(8))
    page = shown(desk, offer)
    assert "This is more than you can approve." in page
    assert "A manager approves at most €8.00 for one incident, and with this it would be €10.00." in page
    with pytest.raises(OverLimit, match=r"at most €8.00"):
        approve(offer, by=manager, now=now, version=1)


def test_that_a_second_has_to_approve_is_told_before_it(desk: Client, offer: Offer) -> None:
    Limit.objects.create(role="manager", second_above=Decimal(8))
    page = shown(desk, offer)
    assert "You would be the first of two." in page
    assert "It gives €10.00 for one incident. Above €8.00, two people approve." in page


def test_a_budget_that_does_not_hold_it_is_told_before_it(
    desk: Client, offer: Offer, manager: User, now: datetime
) -> None:
    today = timezone.now().date()
    days = {"starts_on": today - timedelta(days=2), "ends_on": today + timedelta(days=2)}
    budget = make_budget("9.99", **days)
    page = shown(desk, offer)
    assert "This is more than you can approve." in page
    with pytest.raises(OverLimit) as over:
        approve(offer, by=manager, now=timezone.now(), version=1)
    assert escape(str(over.value)) in page
    Budget.objects.filter(pk=budget.pk).update(amount=100, soft=Decimal("9.99"))
    assert "You would be the first of two." in shown(desk, offer)


def test_who_may_not_decide_is_told_nothing_of_it(client: Client, offer: Offer, rep: User) -> None:
    Limit.objects.create(role="manager", one_offer=Decimal(8))
    client.force_login(rep)
    assert "more than you can approve" not in shown(client, offer)


def test_a_letter_without_words_says_who_writes_it(desk: Client, offer: Offer) -> None:
    assert "Nobody has written it yet." not in shown(desk, offer)
    Offer.objects.update(words="")
    page = shown(desk, offer)
    assert 'Nobody has written it yet. <a href="?do=edit" data-dialog="#edit">Write it</a>' in page

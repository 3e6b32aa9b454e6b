"""Ten approvals by the keyboard alone; and who has a part in an offer sees no button to approve it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import Team, User
from apps.apologies.models import Offer
from apps.apologies.services import approve, propose_missing_offers
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.second import ask_for_two
from tests.browser.conftest import PageFor
from tests.browser.looking import opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offers(team: Team) -> list[Offer]:
    """Ten of the system's proposals, in the order in which they are owed."""
    at = timezone.now()
    for number in range(10):
        order = factories.make_order(
            factories.make_customer(name=f"Priya Nair{number}"), promised_on=at.date()
        )
        known = {"detected_at": at - timedelta(days=20 - number)}
        owe(
            factories.make_incident(order.customer, order=order, kind="lost", severity="serious", **known),
            team=team,
        )
    propose_missing_offers(now=at)
    return list(Offer.objects.order_by("due_at", "pk"))


def test_a_manager_clears_ten_approvals_with_the_keyboard_alone(
    offers: list[Offer], manager: User, second_manager: User, page_for: PageFor
) -> None:
    page = page_for(manager)
    page.goto("/approvals/")
    page.keyboard.press("o")
    for number in range(10):
        opened(page, f"Priya Nair{number}")
        if number == 3:
            page.keyboard.press("s")
            expect(page.get_by_role("dialog").get_by_label("What we give instead")).to_be_focused()
            page.keyboard.type("20.00")
            page.keyboard.press("Tab")
            page.keyboard.type("Only two days late")
            page.keyboard.press("Control+Enter")
        else:
            page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to decide")
    assert list(Offer.objects.values_list("status", "decided_by").distinct()) == [("approved", manager.pk)]
    offers[3].refresh_from_db()
    assert offers[3].amount == 20


def test_several_are_chosen_and_approved_by_keys(
    offers: list[Offer], manager: User, page_for: PageFor
) -> None:
    page = page_for(manager)
    page.goto("/approvals/")
    for _ in range(3):
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("3 approved.")).to_be_visible()
    assert [offer.pk for offer in Offer.objects.filter(status="approved").order_by("due_at", "pk")] == [
        offer.pk for offer in offers[:3]
    ]


def test_the_key_sheet_says_how_offers_are_chosen(
    offers: list[Offer], manager: User, page_for: PageFor
) -> None:
    page = page_for(manager)
    page.goto("/approvals/")
    page.wait_for_load_state("load")
    page.keyboard.press("?")
    expect(page.locator("#keys").get_by_text("Choose, or not")).to_be_visible()


def test_hand_over_and_take_back_by_keys(
    offers: list[Offer], manager: User, second_manager: User, page_for: PageFor
) -> None:
    page = page_for(manager)
    page.goto(f"/approvals/{offers[0].pk}/")
    page.keyboard.press("h")
    expect(page.get_by_role("dialog").get_by_label("Who decides?")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("offer lies on Max Weber’s desk now.")).to_be_visible()
    page.goto(f"/approvals/{offers[0].pk}/")
    page.keyboard.press("w")
    page.keyboard.type("It arrived a minute ago")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("is still owed an apology")).to_be_visible()
    offers[0].refresh_from_db()
    assert (offers[0].status, offers[0].approver) == ("withdrawn", second_manager)


@pytest.mark.parametrize("part", ["proposer", "first approver"])
def test_who_has_a_part_in_it_sees_no_button_and_their_key_does_nothing(
    offers: list[Offer],
    manager: User,
    second_manager: User,
    page_for: PageFor,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
) -> None:
    ask_for_two(monkeypatch)
    if part == "proposer":
        Offer.objects.filter(pk=offers[0].pk).update(proposed_by=manager)
    else:
        approve(offers[0], by=manager, now=timezone.now(), version=1)
    before = Offer.objects.values().get(pk=offers[0].pk)
    page = page_for(manager)
    page.goto(f"/approvals/{offers[0].pk}/")
    expect(page.get_by_text("Max Weber can.")).to_be_visible()
    for name in ("Approve €", "Return R", "Decline D", "Smaller sum S", "Hand over H"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
        expect(page.get_by_role("link", name=name, exact=False).filter(visible=True)).to_have_count(0)
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert Offer.objects.values().get(pk=offers[0].pk) == before


def test_lowering_works_without_scripts(
    offers: list[Offer], manager: User, second_manager: User, page_for: PageFor
) -> None:
    page = page_for(manager, java_script_enabled=False)
    page.goto(f"/approvals/{offers[0].pk}/")
    page.locator(".actionbar").get_by_role("link", name="Smaller sum S").click()
    page.get_by_label("What we give instead").fill("12")
    page.get_by_label("Why less?").fill("Only two days late")
    page.get_by_role("button", name="Approve the smaller sum").click()
    offers[0].refresh_from_db()
    assert (offers[0].status, offers[0].amount) == ("approved", 12)


@pytest.mark.parametrize(
    ("key", "mistaken", "mended"),
    [("r", "", "The amount is too high"), ("s", "20", "12")],
    ids=["return without a reason", "a smaller sum that is larger"],
)
def test_a_refused_entry_stays_in_the_way_and_its_key_sends_it(
    offers: list[Offer],
    manager: User,
    second_manager: User,
    page_for: PageFor,
    key: str,
    mistaken: str,
    mended: str,
) -> None:
    Offer.objects.filter(pk=offers[0].pk).update(amount=13)
    page = page_for(manager, expect_errors=True)
    page.goto(f"/approvals/{offers[0].pk}/")
    page.wait_for_load_state("load")
    page.get_by_role("checkbox", name=f"Choose {offers[1].incident.customer}", exact=True).check()
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("What we give instead" if key == "s" else "What to change")
    reason = dialog.get_by_label("Why less?") if key == "s" else field
    reason.fill("Only two days late" if key == "s" else mistaken)
    field.fill(mistaken)
    page.keyboard.press("Control+Enter")
    expect(dialog.locator("[aria-invalid=true], .banner-alert").first).to_be_visible()
    assert page.evaluate("document.querySelector('dialog:modal') !== null")
    field.fill(mended)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_load_state("load")
    offers[0].refresh_from_db()
    offers[1].refresh_from_db()
    assert (offers[0].status, offers[1].status) == ("approved" if key == "s" else "returned", "proposed")


def test_ctrl_enter_sends_the_form_that_the_focus_is_in(
    offers: list[Offer], manager: User, second_manager: User, page_for: PageFor
) -> None:
    """Even where a form stands in the page, below others with the same key."""
    page = page_for(manager)
    page.goto(f"/approvals/{offers[0].pk}/")
    page.wait_for_load_state("load")
    page.get_by_role("checkbox", name=f"Choose {offers[1].incident.customer}", exact=True).check()
    page.evaluate("document.querySelector('#return').show()")
    page.locator("#return").get_by_role("textbox").fill("The amount is too high")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/approvals/**")
    expect(page.locator("#return")).to_be_hidden()
    offers[0].refresh_from_db()
    offers[1].refresh_from_db()
    assert (offers[0].status, offers[1].status) == ("returned", "proposed")

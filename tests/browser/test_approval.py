"""A manager decides on offers from the keyboard alone: approve, return, change."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.apologies.models import Offer
from apps.apologies.services import propose_missing_offers
from tests import factories
from tests.apologies.conftest import owe
from tests.browser.conftest import PageFor
from tests.browser.looking import opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offers(team: Team) -> list[Offer]:
    """Three of the system's proposals, in the order in which they are owed."""
    at = timezone.now()
    for hours, name in enumerate(["Priya Nair", "Emil Lund", "Claire Dubois"], start=1):
        order = factories.make_order(factories.make_customer(name=name), promised_on=at.date())
        incident = factories.make_incident(order.customer, order=order, kind="lost", severity="serious")
        owe(incident, team=team, due_at=at + timedelta(hours=hours))
    propose_missing_offers(now=at)
    return list(Offer.objects.order_by("due_at", "pk"))


def title(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_three_decisions_by_keys(
    offers: list[Offer], manager: User, second_manager: User, page_for: PageFor
) -> None:
    page = page_for(manager)
    page.goto("/approvals/")
    assert title(page) == "3 offers to decide"
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    opened(page, "Priya Nair")
    expect(page.get_by_role("button", name="Approve €40.00")).to_be_visible()
    page.keyboard.press("a")
    opened(page, "Emil Lund")

    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount does not fit").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    opened(page, "Claire Dubois")

    page.keyboard.press("e")
    amount = page.get_by_role("dialog").get_by_label("Amount")
    expect(amount).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("45.00")
    page.get_by_role("dialog").get_by_label("Why it is other than suggested").focus()
    page.keyboard.type("She missed her trip")
    page.keyboard.press("Control+Enter")
    expect(
        page.get_by_text("You proposed or changed this offer, so somebody else has to decide.")
    ).to_be_visible()
    expect(page.get_by_text("Max Weber can.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    expect(page.locator(".letter .var")).to_have_text("€45.00")

    for offer in offers:
        offer.refresh_from_db()
    assert [offer.status for offer in offers] == ["approved", "returned", "proposed"]
    assert (offers[2].proposed_by, offers[2].amount) == (manager, Decimal("45.00"))
    assert offers[0].task
    assert offers[0].task.status == "open"


def test_declining_asks_why(offers: list[Offer], manager: User, page_for: PageFor) -> None:
    page = page_for(manager)
    page.goto(f"/approvals/{offers[0].pk}/")
    page.keyboard.press("d")
    page.keyboard.type("The parcel was at a neighbour all along")
    page.keyboard.press("Control+Enter")
    opened(page, "Emil Lund")
    offers[0].refresh_from_db()
    assert offers[0].incident.status == "resolved"


def test_a_phone_has_two_big_buttons_that_cover_nothing(
    offers: list[Offer], manager: User, page_for: PageFor
) -> None:
    page = page_for(manager, width=360)
    page.goto(f"/approvals/{offers[0].pk}/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bar = page.locator(".actionbar")
    assert bar.locator(".btn:visible").count() == 2
    for button in bar.locator(".btn:visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last, over = page.locator(".timeline li").last.bounding_box(), bar.bounding_box()
    assert last and over
    assert last["y"] + last["height"] <= over["y"] + 16  # the row's own space below it


def test_approving_works_without_scripts(offers: list[Offer], manager: User, page_for: PageFor) -> None:
    page = page_for(manager, java_script_enabled=False)
    page.goto(f"/approvals/{offers[0].pk}/")
    page.get_by_role("link", name="Return R").click()
    page.get_by_label("What to change").fill("Say which day.")
    page.get_by_role("button", name="Return it").click()
    assert title(page) == "Emil Lund"
    page.get_by_role("button", name="Approve €40.00").click()
    assert title(page) == "Claire Dubois"
    offers[0].refresh_from_db()
    offers[1].refresh_from_db()
    assert (offers[0].status, offers[1].status) == ("returned", "approved")

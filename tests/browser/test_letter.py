"""The letter shown is the letter sent; for ten seconds it can be taken back."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.apologies.models import Compensation, Incident, Offer
from apps.outreach.models import Message
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe
from tests.browser.conftest import PageFor

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = (
    "Dear Grace,\n\nyour parcel came four days late. That was our fault, and I am sorry.\n\n"
    "You get a coupon of €10.00 from us; {it} is *yours* <b>today</b>, مرحبا 😀.\n\nIda Holm"
)


@pytest.fixture
def offer(team: Team) -> Offer:
    customer = factories.make_customer(name="Grace Okafor")
    incident = factories.make_incident(customer, order=factories.make_order(customer, external_id="1009"))
    task = owe(incident, team=team, reach="email", calls_from=None, calls_until=None)
    offer = factories.make_offer(incident, task=task, channel="email", letter_by="email", words=WORDS)
    Offer.objects.filter(pk=offer.pk).update(due_at=timezone.now())
    return offer


def words_in(page: Page) -> str:
    """The letter's paragraphs as they are read, without its subject."""
    paragraphs = page.locator(".drawer .letter > p:not(.letter-subject)").all_inner_texts()
    return "\n\n".join(paragraphs)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_the_letter_shown_is_the_letter_sent(
    offer: Offer, manager: User, rep: User, page_for: PageFor
) -> None:
    page = page_for(manager)
    page.goto(f"/approvals/{offer.pk}/")
    shown, subject = words_in(page), page.locator(".letter-subject").inner_text()
    page.get_by_role("button", name="Approve €10.00").click()
    page.get_by_text("Its letter can be sent.").wait_for()

    desk = page_for(rep)
    desk.goto("/")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Send the letter")).to_be_visible()
    desk.wait_for_load_state("load")
    at_work = desk.locator(".recovery .letter > span").inner_text()
    desk.keyboard.press("9")
    desk.get_by_text("Written to Grace.").wait_for()

    message, coupon = Message.objects.get(), Compensation.objects.get()
    assert plain(shown) == plain(at_work) == plain(WORDS)
    assert message.subject == subject == "We are sorry: your order 1009"
    assert message.text.startswith(f"{WORDS}\n\nYour coupon of €10.00: {coupon.code}")

    page.goto(f"/approvals/{offer.pk}/")
    given = words_in(page)
    page.get_by_role("link", name="Waits").click()
    frame = page.frame_locator("iframe")
    in_mail = plain(frame.locator("body").inner_text())
    assert plain(shown) in plain(given)
    assert plain(given) in in_mail
    assert plain(given) in plain(message.text)


def test_taken_back_by_the_toast_it_is_not_sent(
    offer: Offer, manager: User, rep: User, page_for: PageFor
) -> None:
    page = page_for(manager)
    page.goto(f"/approvals/{offer.pk}/")
    page.keyboard.press("a")
    page.get_by_text("Its letter can be sent.").wait_for()
    desk = page_for(rep)
    desk.goto("/")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Send the letter").click()
    desk.get_by_role("button", name="Undo").wait_for()
    assert Message.objects.get().status == "queued"
    desk.keyboard.press("u")
    desk.get_by_text("Grace Okafor is open again, as it was.").wait_for()
    offer.refresh_from_db()
    assert offer.status == "approved"
    assert Message.objects.get().status == "taken_back"
    assert Compensation.objects.get().status == "reversed"
    assert Incident.objects.get().status == "open"
    assert CareTask.objects.get().status == "held"

    desk.get_by_role("button", name="Send the letter").click()
    desk.get_by_role("button", name="Undo").wait_for()
    first, second = Compensation.objects.order_by("pk")
    assert second.code != first.code
    assert str(second.code) in Message.objects.get(status="queued").text


def test_a_letter_on_paper_opens_beside_its_task(
    offer: Offer, manager: User, rep: User, page_for: PageFor
) -> None:
    address = {"street": "12 Harbour Lane", "postcode": "BT1 5GS", "city": "Belfast"}
    type(offer.incident.customer).objects.filter(pk=offer.incident.customer_id).update(**address)
    CareTask.objects.update(reach="post")
    Offer.objects.update(channel="post", letter_by="post")
    page = page_for(manager)
    page.goto(f"/approvals/{offer.pk}/")
    page.keyboard.press("a")
    page.get_by_text("Its letter can be sent.").wait_for()
    desk = page_for(rep)
    desk.goto("/")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Print the letter")).to_be_visible()
    desk.wait_for_load_state("load")  # keys are heard from then on
    desk.keyboard.press("?")
    keys = desk.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Print the letter")
    expect(keys).to_contain_text("It is in the post")
    desk.keyboard.press("Escape")
    with desk.context.expect_page() as opened:
        desk.keyboard.press("p")
    assert opened.value
    desk.reload()
    expect(desk.locator(".recovery .letter")).to_contain_text(str(Compensation.objects.get().code))
    desk.get_by_role("button", name="It is in the post").click()
    desk.get_by_role("button", name="Undo").wait_for()
    offer.refresh_from_db()
    assert offer.status == "delivered"

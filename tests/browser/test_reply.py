"""A rep answers feedback from the keyboard alone, takes it back, and records what cannot be answered."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.feedback.models import FeedbackItem, Reply
from apps.outreach.models import Message
from apps.worklist.models import CareTask
from tests import factories
from tests.browser.conftest import PageFor
from tests.browser.looking import opened
from tests.feedback.conftest import enroll

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Dear Jonas, you waited eleven days. That was our fault."


@pytest.fixture
def items(team: Team) -> list[FeedbackItem]:
    """Two that wait; the first is due first."""
    at = timezone.now()
    jonas = factories.make_customer(name="Jonas Keller")
    ingrid = factories.make_customer(name="Ingrid Sørensen")
    first = factories.make_feedback(jonas, score=2, place="Review", received_at=at)
    second = factories.make_feedback(ingrid, score=5, text="That made my week.", received_at=at)
    for item in (first, second):
        enroll(item, team=team, due_at=at if item == first else at + timedelta(hours=9))
    return [first, second]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_reply_from_list_to_next_item_by_keys(
    items: list[FeedbackItem], rep: User, page_for: PageFor
) -> None:
    page = page_for(rep)
    page.goto("/feedback/")
    opened(page, "2 wait for an answer")
    page.keyboard.press("o")
    opened(page, "Jonas Keller")
    page.keyboard.press("w")
    expect(page.get_by_role("textbox", name="Your reply")).to_be_focused()
    page.keyboard.type(WORDS)
    expect(page.get_by_text("10 words")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    assert Reply.objects.get().words == WORDS
    page.keyboard.press("Control+Enter")
    opened(page, "Ingrid Sørensen")
    expect(page.get_by_role("status").filter(has_text="is marked as answered")).to_be_visible()
    items[0].refresh_from_db()
    assert items[0].status == "answered"
    page.keyboard.press("u")
    opened(page, "Jonas Keller")
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value(WORDS)
    items[0].refresh_from_db()
    assert items[0].status == "waiting"
    assert CareTask.objects.get(held_by=rep).customer.name == "Jonas Keller"


def test_a_draft_is_saved_at_the_hour_of_the_header(
    items: list[FeedbackItem], rep: User, page_for: PageFor
) -> None:
    """Also where the machine's clock is elsewhere."""
    page = page_for(rep, timezone_id="Asia/Tokyo")
    page.goto(f"/feedback/{items[0].pk}/")
    page.get_by_role("textbox", name="Your reply").fill(WORDS)
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    hours = page.locator(".top [data-wall]").inner_text().partition(":")[0]
    assert page.locator("[data-saved]").inner_text().startswith(f"Saved {hours}:")


def test_no_reply_possible_by_keys(items: list[FeedbackItem], rep: User, page_for: PageFor) -> None:
    page = page_for(rep)
    page.goto(f"/feedback/{items[0].pk}/")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Or in your words").focus()
    page.keyboard.type("The page was taken down")
    page.keyboard.press("Enter")
    opened(page, "Ingrid Sørensen")
    items[0].refresh_from_db()
    assert items[0].unanswerable_reason == "The page was taken down"


def test_a_phone_shows_one_thing_at_a_time_and_hides_nothing(
    items: list[FeedbackItem], rep: User, page_for: PageFor
) -> None:
    page = page_for(rep, width=360)
    page.goto("/feedback/")
    assert fits(page)
    page.goto(f"/feedback/{items[0].pk}/")
    assert fits(page)
    page.get_by_role("textbox", name="Your reply").focus()
    page.get_by_role("button", name="Copy the words").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.get_by_text("The words stay with").bounding_box()
    bar = page.locator(".actionbar").bounding_box()
    assert last and bar
    assert last["y"] + last["height"] <= bar["y"]
    assert bar["height"] < 100, "one row: half of what is read is not the bar's"


def test_a_reply_is_sent_by_mail_and_taken_back_by_keys(
    items: list[FeedbackItem], rep: User, page_for: PageFor
) -> None:
    page = page_for(rep)
    page.goto(f"/feedback/{items[1].pk}/")
    send = page.get_by_role("button", name="Send by mail")
    expect(send).to_be_visible()
    expect(page.get_by_text("Mark as answered")).to_be_hidden()
    page.get_by_role("radio", name="Send it by e-mail").press("ArrowDown")
    expect(send).to_be_hidden()
    expect(page.get_by_role("button", name="Mark as answered")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.get_by_role("textbox", name="Your reply").fill("Dear Ingrid, thank you.")
    page.keyboard.press("Control+Enter")
    opened(page, "Jonas Keller")
    expect(page.get_by_role("status").filter(has_text="goes out by e-mail")).to_be_visible()
    assert Message.objects.get().status == "queued"
    page.keyboard.press("u")
    opened(page, "Ingrid Sørensen")
    assert Message.objects.get().status == "taken_back"


def test_how_it_goes_is_seen_before_it_goes(items: list[FeedbackItem], rep: User, page_for: PageFor) -> None:
    """The choice stands above the bar, and the button says what it does."""
    page = page_for(rep)
    page.goto(f"/feedback/{items[0].pk}/")
    choice = page.get_by_role("radio", name="Send it by e-mail")
    seen, bar = choice.bounding_box(), page.locator(".actionbar").bounding_box()
    assert seen and bar
    assert seen["y"] + seen["height"] <= bar["y"]
    expect(page.get_by_role("button", name="Mark as answered")).to_be_visible()
    choice.check()
    expect(page.get_by_role("button", name="Send by mail")).to_be_visible()


def test_the_key_sheet_names_each_key_once(items: list[FeedbackItem], rep: User, page_for: PageFor) -> None:
    page = page_for(rep)
    page.goto(f"/feedback/{items[0].pk}/")
    page.wait_for_load_state("load")
    page.keyboard.press("?")
    names = page.locator("#keys dt").filter(visible=True).all_inner_texts()
    for name in ("Mark as answered", "Make it an apology", "No reply possible"):
        assert name in names
    assert "Choose, or not" not in names, "nothing can be chosen here"


def test_answering_works_without_scripts(items: list[FeedbackItem], rep: User, page_for: PageFor) -> None:
    page = page_for(rep, java_script_enabled=False)
    page.goto(f"/feedback/{items[0].pk}/")
    page.get_by_role("textbox", name="Your reply").fill(WORDS)
    page.get_by_role("button", name="Mark as answered").click()
    assert page.get_by_role("heading", level=1).text_content() == "Ingrid Sørensen"
    assert Reply.objects.get().words == WORDS


def test_a_reply_goes_by_mail_without_scripts(
    items: list[FeedbackItem], rep: User, page_for: PageFor
) -> None:
    page = page_for(rep, width=360, java_script_enabled=False)
    page.goto(f"/feedback/{items[0].pk}/")
    page.get_by_role("textbox", name="Your reply").fill(WORDS)
    page.get_by_role("radio", name="Send it by e-mail").check()
    page.get_by_role("button", name="By mail").click()
    assert page.get_by_role("heading", level=1).text_content() == "Ingrid Sørensen"
    assert Message.objects.get().to_address == items[0].customer.email

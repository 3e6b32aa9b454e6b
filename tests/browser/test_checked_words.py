"""Words are checked while they are written: a better sentence by key, a reason to keep one's own."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from apps.accounts.models import Team, User
from apps.feedback.models import FeedbackItem
from apps.writing import checking
from apps.writing.models import Verdict
from tests import factories
from tests.browser.conftest import PageFor
from tests.browser.looking import findings, opened, sideways, small_targets
from tests.browser.test_every_page import SETTLED
from tests.feedback.conftest import enroll
from tests.writing import fake_checker

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = "Dear Jonas 😀, I'm trying to help you, and we are trying to send it today."
LONG = "\n".join(["A line that is long enough to be broken by the width of its box, at least once"] * 9)
# How far each mark's words stand from the same words of the text area: its text is laid out again, beside it
SHIFTS = """() => {
  const field = document.querySelector("[data-check]"), marks = document.querySelector("[data-marks]");
  const twin = document.createElement("div"), style = getComputedStyle(field);
  for (const name of style) twin.style.setProperty(name, style.getPropertyValue(name));
  const bar = field.offsetWidth - field.clientWidth - 2, width = field.getBoundingClientRect().width - bar;
  Object.assign(twin.style, {position: "absolute", top: 0, left: 0, visibility: "hidden", height: "auto",
    whiteSpace: "pre-wrap", boxSizing: "border-box", width: `${width}px`, minHeight: 0, overflow: "visible"});
  twin.textContent = field.value;
  field.parentElement.append(twin);
  const origin = twin.getBoundingClientRect(), shown = marks.getBoundingClientRect(), shifts = [];
  for (const mark of marks.querySelectorAll("mark")) {
    const range = document.createRange(), at = field.value.indexOf(mark.textContent);
    range.setStart(twin.firstChild, at);
    range.setEnd(twin.firstChild, at + mark.textContent.length);
    const there = range.getClientRects()[0], here = mark.getClientRects()[0];
    shifts.push([here.left - shown.left - (there.left - origin.left),
                 here.top - shown.top - (there.top - origin.top - field.scrollTop)]);
  }
  twin.remove();
  return shifts;
}"""


REMEMBERED = "() => Object.keys(sessionStorage).filter((key) => key.startsWith('kept ')).length"
SHORT = "(field) => Object.assign(field.style, {fieldSizing: 'fixed', height: '9rem', minHeight: 0})"


@pytest.fixture(autouse=True)
def _one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "check", fake_checker.check)


@pytest.fixture
def item(team: Team) -> FeedbackItem:
    at = timezone.now()
    customer = factories.make_customer(name="Jonas Keller")
    item = factories.make_feedback(customer, score=2, place="Review", received_at=at)
    enroll(item, team=team, due_at=at + timedelta(hours=5))
    return item


def box(page: Page) -> Locator:
    return page.locator("[data-check]")


def write(page: Page, item: FeedbackItem, words: str, found: int) -> None:
    page.goto(f"/feedback/{item.pk}/")
    opened(page, "Jonas Keller")
    box(page).fill(words)
    expect(page.locator("[data-finding]")).to_have_count(found)


def test_a_reply_is_made_better_and_kept_by_keys(
    item: FeedbackItem, rep: User, manager: User, page_for: PageFor
) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    expect(page.locator("[data-told]")).to_have_text("2 things to look at")
    page.keyboard.press("Alt+j")
    expect(page.get_by_role("button", name="Use it: I will help", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value(DRAFT.replace("I'm trying to help", "I will help"))
    expect(box(page)).to_be_focused()
    expect(page.locator("[data-finding]")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(box(page)).to_have_value(DRAFT)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("[data-finding]")).to_have_count(1)

    page.keyboard.press("Alt+k")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_text("Kept: It is true and kind here")).to_be_visible()
    expect(page.locator("[data-told]")).to_have_text("Kept as you wrote it")
    assert findings(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="is marked as answered")).to_be_visible()
    kept, used = Verdict.objects.order_by("choice")
    assert (kept.choice, kept.reason, kept.words) == ("kept", "true", "we are trying to send")
    assert (used.choice, used.rule, used.words) == ("used", kept.rule, "")

    seen = page_for(manager)
    seen.goto("/words/kept/")
    row = seen.get_by_role("row").filter(has_text="we are trying to send")
    expect(row).to_contain_text("It is true and kind here")
    expect(row).to_contain_text("Ana Duarte")
    row.get_by_role("link", name="Jonas Keller").click()
    opened(seen, "Jonas Keller")


def test_what_only_the_writer_knows_is_selected(item: FeedbackItem, rep: User, page_for: PageFor) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    page.get_by_role("button", name="Use it: I will send by …").click()
    page.keyboard.type("noon")
    expect(box(page)).to_have_value(
        "Dear Jonas 😀, I'm trying to help you, and I will send by noon it today."
    )


def test_marks_follow_the_words_before_they_are_read_again(
    item: FeedbackItem, rep: User, page_for: PageFor
) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    page.route("**/writing/check/", lambda route: None)
    box(page).focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("😀 ")
    assert page.locator("mark").all_inner_texts() == ["I'm trying to help", "we are trying to send"]
    page.locator("[data-use]").first.click()
    assert box(page).input_value() == f"😀 {DRAFT.replace(chr(39) + 'm trying to', ' will')}"


@pytest.mark.parametrize("width", [1280, 360])
def test_marks_stand_under_their_words(item: FeedbackItem, rep: User, page_for: PageFor, width: int) -> None:
    page = page_for(rep, width=width)
    write(page, item, f"{DRAFT}\n{LONG}\nI am trying to call.", 3)
    assert stands(page)
    page.set_viewport_size({"width": width + 100, "height": 800})
    assert stands(page)
    box(page).evaluate(SHORT)
    box(page).evaluate("(field) => (field.scrollTop = field.scrollHeight)")
    assert stands(page)
    assert page.locator("[data-marks]").evaluate("(marks) => marks.scrollTop") > 0


def stands(page: Page) -> bool:
    """Each mark within a pixel of its words, in both directions, within two seconds."""
    for _ in range(20):
        page.evaluate(SETTLED)
        shifts = page.evaluate(SHIFTS)
        if len(shifts) == 3 and all(abs(across) < 1 and abs(down) < 3 for across, down in shifts):
            return True
        page.wait_for_timeout(100)
    pytest.fail(f"The marks stand off their words by (across, down): {shifts}")


@pytest.mark.parametrize("width", [1280, 360])
def test_findings_are_fit_to_use(item: FeedbackItem, rep: User, page_for: PageFor, width: int) -> None:
    page = page_for(rep, width=width)
    write(page, item, DRAFT, 2)
    page.locator("[data-keep] summary").first.click()
    assert findings(page) == []
    assert sideways(page) <= 0
    assert small_targets(page, width) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(SETTLED)
    assert findings(page, in_the_dark=True) == []


def test_a_press_keeps_and_folds(item: FeedbackItem, rep: User, page_for: PageFor) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    page.locator("[data-keep] summary").first.click()
    page.get_by_text("The checker is wrong").first.click()
    expect(page.get_by_text("Kept: The checker is wrong")).to_be_visible()
    expect(page.locator("[data-keep][open]")).to_have_count(0)
    box(page).press_sequentially(" Bye.")
    page.wait_for_timeout(900)
    expect(page.get_by_text("Kept: The checker is wrong")).to_be_visible()
    expect(page.locator("[data-told]")).to_have_text("1 thing to look at")


def test_a_reason_outlives_the_page_while_the_draft_waits(
    item: FeedbackItem, rep: User, page_for: PageFor
) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    page.locator("[data-keep] summary").first.click()
    page.get_by_text("Another reason").first.click()
    expect(page.get_by_text("Kept: Another reason")).to_be_visible()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Kept: Another reason")).to_be_visible()
    expect(page.locator("[data-told]")).to_have_text("1 thing to look at")


def keep_the_first(page: Page) -> None:
    page.locator("[data-keep] summary").first.click()
    page.get_by_text("Another reason").first.click()
    expect(page.get_by_text("Kept: Another reason")).to_be_visible()
    assert page.evaluate(REMEMBERED) == 1


def test_a_reason_that_was_sent_leaves_the_tab(item: FeedbackItem, rep: User, page_for: PageFor) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    keep_the_first(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="is marked as answered")).to_be_visible()
    assert page.evaluate(REMEMBERED) == 0


def test_signing_out_leaves_no_reason_for_the_next_person(
    item: FeedbackItem, rep: User, page_for: PageFor
) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    keep_the_first(page)
    page.goto("/account/")
    assert page.evaluate(REMEMBERED) == 1
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.evaluate(REMEMBERED) == 0


def test_in_a_call_nothing_moves(rep: User, team: Team, page_for: PageFor) -> None:
    now = timezone.now()
    window = {"calls_from": now - timedelta(hours=1), "calls_until": now + timedelta(hours=2)}
    lease = {"held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=13), "status": "held"}
    task = factories.make_task(team=team, due_at=now, **window, **lease)
    page = page_for(rep)
    page.goto(f"/calls/{task.pk}/")
    talked = page.get_by_role("button", name="Talked")
    before = talked.bounding_box()
    page.get_by_role("textbox", name="What they said").fill("Told her I'm trying to help.")
    expect(page.get_by_text("1 thing to look at").last).to_be_visible()
    assert talked.bounding_box() == before
    page.keyboard.press("Alt+j")
    expect(page.get_by_role("button", name="Use it: I will help", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("1")
    page.wait_for_url("/")
    assert Verdict.objects.get().choice == "used"


def test_who_tabs_on_while_the_words_are_read_stays_out_of_the_notes(
    rep: User, team: Team, page_for: PageFor
) -> None:
    """The findings go while the focus is among them: it goes on, and the next digit is an outcome."""
    now = timezone.now()
    window = {"calls_from": now - timedelta(hours=1), "calls_until": now + timedelta(hours=2)}
    lease = {"held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=13), "status": "held"}
    task = factories.make_task(team=team, due_at=now, **window, **lease)
    page = page_for(rep)
    page.goto(f"/calls/{task.pk}/")
    notes = page.get_by_role("textbox", name="What they said")
    notes.fill("I'm trying to help. I am trying to help.")
    expect(page.get_by_text("2 things to look at").last).to_be_visible()
    page.keyboard.press("Alt+j")
    asked: list[Route] = []  # each answered once the focus is where it would be lost
    page.route("**/writing/check/", lambda route: asked.append(route))  # noqa: PLW0108 - a builtin is refused
    with page.expect_request("**/writing/check/"):
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    expect(page.locator("[data-fold] > summary")).to_be_focused()
    for route in asked:
        route.fulfill(body="")
    expect(page.locator("[data-fold]")).to_have_count(0)
    expect(page.locator(".outcome").first).to_be_focused()
    page.keyboard.press("7")
    page.wait_for_url("**/problem/**")
    assert task.attempts.get().notes == "I will help. I am trying to help."


def test_a_letter_is_read_when_it_is_opened(manager: User, page_for: PageFor) -> None:
    offer = factories.make_offer(words="Dear Grace,\n\nI'm trying to make it right.")
    page = page_for(manager)
    page.goto(f"/approvals/{offer.pk}/")
    page.wait_for_load_state("load")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-finding]")).to_have_count(1)
    dialog.get_by_label("Amount").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="1 thing stayed as it was")).to_be_visible()


def test_without_scripts_the_findings_come_with_the_page(
    item: FeedbackItem, rep: User, page_for: PageFor
) -> None:
    page = page_for(rep, java_script_enabled=False)
    page.goto(f"/feedback/{item.pk}/")
    page.get_by_role("textbox", name="Your reply").fill(DRAFT)
    page.get_by_role("button", name="Check the words").click()
    assert page.locator("summary").filter(has_text="2 things to look at").is_visible()
    page.locator("[data-keep] summary").first.click()
    page.get_by_text("It is true and kind here").first.click()
    page.get_by_role("button", name="Mark as answered").click()
    assert sorted(Verdict.objects.values_list("choice", "reason")) == [("kept", "true"), ("left", "")]


def test_choosing_a_reason_is_not_broken_off_by_a_reading(
    item: FeedbackItem, rep: User, page_for: PageFor
) -> None:
    page = page_for(rep)
    write(page, item, DRAFT, 2)
    box(page).press_sequentially(" Bye")
    with page.expect_response("**/writing/check/"):
        page.locator("[data-keep] summary").first.click()
    page.wait_for_timeout(200)
    expect(page.locator("[data-keep][open]")).to_have_count(1)
    expect(page.locator("[data-keep] summary").first).to_be_focused()


def test_a_closed_dialog_is_not_stepped_into(manager: User, page_for: PageFor) -> None:
    offer = factories.make_offer(words=DRAFT)
    factories.make_verdict(offer, manager)
    page = page_for(manager)
    page.goto(f"/approvals/{offer.pk}/")
    page.wait_for_load_state("load")
    page.keyboard.press("Alt+j")
    page.keyboard.press("e")
    expect(page.get_by_role("dialog").locator("[data-finding]")).to_have_count(2)
    page.keyboard.press("Alt+j")
    expect(page.get_by_role("button", name="Use it: I will help", exact=True)).to_be_focused()

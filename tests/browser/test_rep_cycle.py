"""A rep's whole cycle: by the keyboard alone, and once more without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.feedback.models import FeedbackItem
from apps.worklist.models import Attempt, CareTask
from tests.factories import make_customer, make_shop, make_task

from .conftest import PageFor
from .looking import opened

PASSWORD = "a long and quiet evening"


@pytest.fixture
def calls(rep: User, team: Team) -> list[CareTask]:
    """Three calls to where it is about noon now, so that the test may run at any hour."""
    make_shop(calls_from="08:00", calls_until="21:00")
    return [
        noon_call(name, team, minutes)
        for minutes, name in enumerate(["Grace Okafor", "Henrik Aalto", "Ola Berg"])
    ]


def noon_call(name: str, team: Team, minutes: int) -> CareTask:
    now = timezone.now()
    behind = now.hour - 12
    zone = f"Etc/GMT{'+' if behind >= 0 else '-'}{abs(behind)}"
    customer = make_customer(name=name, time_zone=zone)
    return make_task(
        customer,
        team=team,
        zone=zone,
        due_at=now + timedelta(hours=2, minutes=minutes),
        calls_from=now - timedelta(hours=2),
        calls_until=now + timedelta(hours=5),
        created_at=now,
    )


def test_a_rep_works_by_the_keyboard_alone(rep: User, calls: list[CareTask], page_for: PageFor) -> None:
    rep.set_password(PASSWORD)
    rep.save(update_fields=["password"])
    page = page_for(None)
    page.goto("/")
    sign_in_by_keys(page, rep.email)
    page.wait_for_url("**/", timeout=30_000)  # the password's check is slow on purpose
    expect(page.locator("h1")).to_contain_text("3\N{NO-BREAK SPACE}calls")

    page.keyboard.press("Enter")
    opened(page, "Grace Okafor")
    page.keyboard.press("n")
    page.keyboard.type("Likes the fit, the hood is stiff")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.keyboard.press("Tab")
    page.keyboard.press("f")
    page.keyboard.press("1")
    opened(page, "Henrik Aalto")
    expect(page.locator(".toast")).to_contain_text("Talked with Grace.")

    page.keyboard.press("u")
    opened(page, "Grace Okafor")
    expect(page.locator("#notes")).to_have_value("Likes the fit, the hood is stiff")
    page.keyboard.press("1")
    opened(page, "Henrik Aalto")

    page.keyboard.press("4")
    expect(page.locator("#call-back")).to_be_visible()
    page.keyboard.press("Enter")
    opened(page, "Ola Berg")
    expect(page.locator(".toast").first).to_contain_text("You call Henrik back.")

    outcomes = list(Attempt.objects.standing().order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["talked", "call_back"]
    assert FeedbackItem.objects.get().text == "Likes the fit, the hood is stiff"
    promised = CareTask.objects.get(pk=calls[1].pk)
    assert (promised.status, promised.assignee) == ("open", rep)


@pytest.mark.parametrize("width", [1280, 1024, 360])
def test_a_toast_covers_no_primary_button(
    rep: User, calls: list[CareTask], page_for: PageFor, width: int
) -> None:
    page = page_for(rep, width=width)
    page.goto("/")
    page.get_by_role("button", name="Start calls").click()
    opened(page, "Grace Okafor")
    page.get_by_role("button", name="Problem found").click()
    opened(page, "What went wrong for Grace Okafor?")
    report = page.get_by_role("button", name="Report the problem")
    report.scroll_into_view_if_needed()
    expect(page.locator(".toast")).to_be_visible()
    assert page.evaluate(
        """() => {
          const button = document.querySelector("main .btn-primary").getBoundingClientRect();
          const at = document.elementFromPoint(button.left + 4, button.top + button.height / 2);
          const toast = document.querySelector(".toast").getBoundingClientRect();
          return at.matches(".btn-primary, .btn-primary *") &&
            (toast.right <= button.left || toast.bottom <= button.top || toast.top >= button.bottom);
        }"""
    )


def sign_in_by_keys(page: Page, email: str) -> None:
    page.locator("input[name=login]").focus()
    page.keyboard.type(email)
    page.locator("input[name=password]").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_a_rep_works_without_scripts(rep: User, calls: list[CareTask], page_for: PageFor) -> None:
    page = page_for(rep, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("button", name="Start calls").click()
    opened(page, "Grace Okafor")
    page.locator("#notes").fill("She will write to us")
    page.get_by_role("button", name="Talked").click()
    opened(page, "Henrik Aalto")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#notes")).to_have_value("She will write to us")
    page.get_by_role("button", name="Talked").click()
    page.get_by_role("button", name="Call back").click()
    page.locator("#call-back .moments button").first.click()
    opened(page, "Ola Berg")
    page.get_by_role("button", name="Move on").first.click()
    page.locator("#skip .moments button").first.click()
    expect(page.locator("h1")).not_to_have_text("Ola Berg")
    assert CareTask.objects.get(pk=calls[2].pk).status == "open"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_call_fits_a_phone(rep: User, calls: list[CareTask], page_for: PageFor, theme: str) -> None:
    page = page_for(rep, width=360, theme=theme)
    page.goto("/")
    page.get_by_role("button", name="Start calls").tap()
    opened(page, "Grace Okafor")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("navigation", name="This call").get_by_text("Outcome").tap()
    page.get_by_role("button", name="No answer").tap()
    opened(page, "Henrik Aalto")

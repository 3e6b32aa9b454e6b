"""What the frame does in a browser: keys, search, theme, toasts, menus, and that it works without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Role, User
from tests import factories

from .conftest import PageFor


@pytest.fixture
def ana(transactional_db: None) -> User:
    factories.make_shop()
    return factories.make_user(Role.REP, name="Ana Duarte", team=factories.make_team())


@pytest.fixture
def page(ana: User, page_for: PageFor) -> Page:
    opened = page_for(ana)
    opened.goto("/help/")
    return opened


def test_g_and_a_letter_go_to_a_place(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile("/customers/$"))


def test_a_letter_that_is_typed_goes_nowhere(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("gu?")
    expect(page.locator("#palette-q")).to_have_value("gu?")
    expect(page).to_have_url(re.compile("/help/$"))


def test_single_keys_can_be_off(ana: User, page_for: PageFor) -> None:
    ana.single_keys = False
    ana.save(update_fields=["single_keys"])
    page = page_for(ana)
    page.goto("/help/")
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page).to_have_url(re.compile("/help/$"))
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_the_search_finds_a_customer_from_any_page(page: Page) -> None:
    grace = factories.make_customer(name="Grace Okafor")
    page.keyboard.press("Control+k")
    page.keyboard.type("grace")
    expect(page.locator("#palette-found .row-link")).to_have_text(["Grace Okafor"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/customers/{grace.pk}/$"))


def test_the_key_sheet_lists_what_the_page_answers_to(page: Page) -> None:
    page.keyboard.press("?")
    sheet = page.locator("#keys")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Customers")
    expect(sheet).to_contain_text("Log a contact")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_the_theme_changes_at_once_and_stays(page: Page) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Dark").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(ground) != light
    page.goto("/search/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_message_leaves_but_not_under_the_pointer(ana: User, page_for: PageFor) -> None:
    page = page_for(ana)
    page.clock.install()
    page.goto("/account/")
    page.get_by_role("button", name="Save my account").click()
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("Your account is saved.")
    toast.hover()
    page.clock.run_for(15_000)
    expect(toast).to_be_visible()
    page.mouse.move(1, 1)
    page.clock.run_for(11_000)
    expect(toast).to_have_count(0)


def test_an_undo_leaves_in_time_even_under_the_pointer(ana: User, page_for: PageFor) -> None:
    page = page_for(ana)
    page.goto("/contacts/")
    page.clock.install()
    page.get_by_role("button", name="Log").first.click()
    toast = page.locator("[data-toast]")
    undo = toast.get_by_role("button", name="Undo")
    toast.hover()
    page.clock.run_for(9_000)
    expect(undo).to_be_visible()
    page.clock.run_for(1_500)
    expect(undo).to_have_count(0)
    expect(toast).to_be_visible()


def test_the_first_tab_leads_past_the_places(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_other_places_are_behind_more_on_a_phone(ana: User, page_for: PageFor) -> None:
    page = page_for(ana, width=360)
    page.goto("/help/")
    page.get_by_text("More", exact=True).click()
    page.locator(".more").get_by_role("link", name="Reports").click()
    expect(page).to_have_url(re.compile("/shift/$"))


def test_the_frame_works_without_scripts(ana: User, page_for: PageFor) -> None:
    page = page_for(ana, java_script_enabled=False)
    page.goto("/help/")
    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Dark").first.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".search").click()
    expect(page).to_have_url(re.compile("/search/$"))
    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/$"))


def test_one_signs_in_and_out(page_for: PageFor, transactional_db: None) -> None:
    factories.make_shop()
    factories.make_user(Role.REP, email="ana@example.com", password="slate-heron-mild-1")
    page = page_for(None)
    page.goto("/help/")
    page.get_by_label("E-mail").fill("ana@example.com")
    page.get_by_label("Password").fill("slate-heron-mild-1")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/help/$"))

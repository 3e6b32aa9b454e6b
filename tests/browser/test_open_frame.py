from playwright.sync_api import expect

from apps.accounts.models import User

from .conftest import PageFor


def test_g_then_h_goes_to_help(rep: User, page_for: PageFor) -> None:
    page = page_for(rep)
    page.goto("/search/")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page).to_have_title("Help · carecrm")

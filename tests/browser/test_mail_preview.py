"""Mails are shown as the customer gets them, and nothing that others wrote runs in the page."""

from typing import Any

import pytest
from playwright.sync_api import expect

from apps.accounts.models import Role
from tests import factories

from .conftest import PageFor

RUNS = "<script>parent.document.title = 'ran'</script><img src=x onerror=\"top.document.title = 'ran'\">"


@pytest.fixture
def writer(transactional_db: None) -> Any:
    factories.make_shop()
    return factories.make_user(Role.MARKETER)


def test_a_preview_is_drawn_in_its_own_style_without_a_save(writer: Any, page_for: PageFor) -> None:
    page = page_for(writer)
    page.goto("/mails/templates/new/")
    page.get_by_label("Subject").fill("Your order {order|is here}")
    page.get_by_label("Mail", exact=True).fill("Dear {first_name|friend},\n\nsee https://shop.example/a.")
    page.get_by_role("button", name="Show how it looks").click()
    expect(page.get_by_role("heading", level=2, name="To 2 of these 10 it cannot be sent")).to_be_visible()
    letter = page.frame_locator("iframe >> nth=0")
    expect(letter.locator("p").first).to_have_text("Dear Maria,")
    width = letter.locator(".letter").evaluate("each => getComputedStyle(each).maxWidth")
    assert width == "544px"  # the letter's own style was let in, by its hash
    markup = page.locator("details", has_text="Markup as a name")
    markup.locator("summary").click()
    expect(markup.frame_locator("iframe").locator("p").first).to_have_text("Dear <b,")


def test_no_script_of_a_mail_runs(writer: Any, page_for: PageFor) -> None:
    mail = factories.make_mail(
        factories.make_customer(), subject="Look", html=f"<p>Hello</p>{RUNS}", text=RUNS
    )
    page = page_for(writer, expect_errors=True)  # the browser says that it ran nothing
    page.goto(f"/mails/{mail.pk}/")
    expect(page.frame_locator("iframe").locator("p").first).to_have_text("Hello")
    assert page.title().startswith("Look")

"""The shift board in Chromium: a number leads to its entries, the chart says what the table says."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.effort.models import TimeEntry
from apps.effort.report import week_of

from .conftest import PageFor
from .looking import findings, sideways


@pytest.fixture
def measured(rep: User) -> User:
    """Three weeks: 10 %, 20 % and 30 %, a call and a contact in each."""
    for weeks, share in ((3, 10), (2, 20), (1, 30)):
        day = week_of(timezone.now().date()) - timedelta(weeks=weeks)
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        for origin, seconds in (("proactive", share * 60), ("reactive", (100 - share) * 60)):
            TimeEntry.objects.create(
                user=rep, team=rep.team, origin=origin, seconds=seconds, started_at=at, day=day,
                play="welcome" if origin == "proactive" else "", source="clock",
            )  # fmt: skip
    return rep


def shares(page: Page) -> list[str]:
    """The shares that the table tells, oldest first."""
    cells = page.locator("#table tbody tr td:nth-child(2)").all_inner_texts()
    return [cell for cell in reversed(cells) if cell != "not measured"]


def heights(page: Page) -> list[float]:
    bars = page.locator("svg.chart-l rect.bar").all()
    return [float(bar.get_attribute("height") or 0) for bar in bars]


def test_number_leads_to_the_entries_behind_it(measured: User, marketer: User, page_for: PageFor) -> None:
    page = page_for(marketer)
    page.goto("/shift/")
    expect(page.locator("h1")).to_have_text(re.compile("^30 % of care time was proactive last week"))
    page.locator("#table").get_by_role("link", name="30 min", exact=True).click()
    expect(page.locator("h1")).to_have_text(re.compile("^Proactive time, "))
    expect(page.get_by_text("1 entry, 30 min in all.")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_chart_shows_what_the_table_says(measured: User, marketer: User, page_for: PageFor) -> None:
    page = page_for(marketer)
    page.goto("/shift/")
    assert shares(page) == ["10 %", "20 %", "30 %"]
    first, second, third = heights(page)
    assert second == pytest.approx(2 * first, abs=0.2)
    assert third == pytest.approx(3 * first, abs=0.3)
    title = page.locator("svg.chart-l > g > title").text_content() or ""
    assert "10.0 %" in title
    assert "30.0 %" in title


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_board_fits_and_axe_finds_nothing_grave(
    measured: User, marketer: User, page_for: PageFor, width: int, theme: str
) -> None:
    page = page_for(marketer, width=width, theme=theme)
    page.goto("/shift/")
    assert sideways(page) <= 0
    drawn = "chart-s" if width == 360 else "chart-l"
    expect(page.locator(f"svg.{drawn}")).to_be_visible()
    assert findings(page, in_the_dark=theme == "dark") == []


def test_two_keys_log_a_contact_and_a_third_takes_it_back(measured: User, page_for: PageFor) -> None:
    page = page_for(measured)
    page.goto("/shift/")
    before = TimeEntry.objects.count()
    page.keyboard.press("l")
    expect(page.locator("#log-contact")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text("Logged 5 min by phone.")).to_be_visible()
    expect(page).to_have_url(re.compile("/shift/$"))
    assert TimeEntry.objects.count() == before + 1
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back: that contact")).to_be_visible()
    assert TimeEntry.objects.count() == before

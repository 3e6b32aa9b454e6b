"""Calling windows, held against a count of the minutes on which the customer's clock allows a call."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.call_windows import call_window

from .test_business_time import MINUTE, ZONES, days, zones

NINE, EIGHT_AT_NIGHT = time(9), time(20)


@settings(max_examples=80, deadline=None)
@given(
    zone=zones, day=days, minute=st.integers(0, 1439), opens=st.integers(8, 13), closes=st.integers(14, 21)
)
def test_the_window_holds_the_first_minute_from_now_that_allows_a_call(
    zone: ZoneInfo, day: date, minute: int, opens: int, closes: int
) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + MINUTE * minute
    start, end = call_window(zone, time(opens), time(closes), now)
    coming = (now + MINUTE * n for n in range(3 * 24 * 60))
    first = next(each for each in coming if opens <= each.astimezone(zone).hour < closes)

    assert max(now, start) == first
    assert start < end
    assert opens <= (end - MINUTE).astimezone(zone).hour < closes
    assert end.astimezone(zone).hour == closes


@pytest.mark.parametrize("zone", ZONES)
def test_windows_follow_the_clock_through_a_whole_year(zone: str) -> None:
    here = ZoneInfo(zone)
    for hour in range(24 * 365):
        now = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hour)
        start, end = call_window(here, NINE, EIGHT_AT_NIGHT, now)
        assert start.astimezone(here).time() == NINE
        assert end.astimezone(here).time() == EIGHT_AT_NIGHT
        assert (start <= now) == (9 <= now.astimezone(here).hour < 20)
        assert now < end <= now + timedelta(days=2)


def test_at_closing_the_next_days_window_is_given() -> None:
    new_york = ZoneInfo("America/New_York")
    closing = datetime(2026, 3, 8, 0, 0, tzinfo=UTC)  # Saturday 19:00; the clocks change that night

    assert call_window(new_york, NINE, time(19), closing) == (
        datetime(2026, 3, 8, 13, 0, tzinfo=UTC),
        datetime(2026, 3, 8, 23, 0, tzinfo=UTC),
    )


def test_a_window_skips_the_day_that_never_was() -> None:
    apia = ZoneInfo("Pacific/Apia")
    evening = datetime(2011, 12, 29, 21, 0, tzinfo=apia)

    start, _ = call_window(apia, NINE, EIGHT_AT_NIGHT, evening)
    assert start.astimezone(apia) == datetime(2011, 12, 31, 9, 0, tzinfo=apia)


def test_hours_that_allow_no_call_are_refused() -> None:
    with pytest.raises(ValueError, match="opening must come before closing"):
        call_window(ZoneInfo("UTC"), time(20), time(9), datetime(2026, 3, 4, tzinfo=UTC))

"""The business clock, held against naive minute-by-minute and day-by-day counts in many zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop
from apps.core.business_time import BusinessCalendar, instant, public_holidays

ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "UTC",
]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}
SPLIT = {str(day): [["09:00", "12:30"], ["13:30", "18:00"]] for day in range(6)}
# days around which the clocks of these zones change, and one on which Apia had no day at all
CHANGES = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2026, 2, 15),
    date(2026, 3, 22),
    date(2017, 10, 15),
    date(2018, 2, 18),
    date(2011, 12, 30),
]

days = st.one_of(
    st.dates(date(2010, 1, 1), date(2037, 1, 1)),
    st.builds(lambda day, off: day + DAY * off, st.sampled_from(CHANGES), st.integers(-2, 2)),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """Weeks of zero to three spans a day, within the day, in any order, possibly overlapping."""
    week = {}
    for weekday in range(7):
        spans = []
        for _ in range(draw(st.integers(0, 3))):
            opens = draw(st.integers(0, 47))
            closes = draw(st.integers(opens + 1, 48))
            spans.append([f"{n * 30 // 60:02}:{n * 30 % 60:02}" for n in (opens, closes)])
        week[str(weekday)] = spans
    return week


def minutes_since_midnight(wall: str) -> int:
    return int(wall[:2]) * 60 + int(wall[3:])


def minutes_of(zone: ZoneInfo, day: date) -> list[tuple[datetime, int]]:
    """Every UTC minute on which the clocks of `zone` show `day`, with the minute of the day they show."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    minutes = (noon + MINUTE * n for n in range(-36 * 60, 36 * 60))
    shown = ((minute, minute.astimezone(zone)) for minute in minutes)
    return [(minute, wall.hour * 60 + wall.minute) for minute, wall in shown if wall.date() == day]


def naive_hull(zone: ZoneInfo, day: date, opens: int, closes: int) -> set[datetime]:
    """The minutes from the first to the last on which the clock shows a time within the span."""
    minutes = minutes_of(zone, day)
    inside = [minute for minute, shown in minutes if opens <= shown < closes]
    return {minute for minute, _ in minutes if inside and inside[0] <= minute <= inside[-1]}


def naive_working_minutes(calendar: BusinessCalendar, day: date) -> set[datetime]:
    found: set[datetime] = set()
    for opens, closes in calendar.week.get(str(day.weekday()), []):
        span = minutes_since_midnight(opens), minutes_since_midnight(closes)
        found |= naive_hull(calendar.zone, day, *span)
    return found


@settings(max_examples=60, deadline=None)
@given(zone=zones, week=weeks(), day=days)
def test_working_seconds_equal_a_count_of_minutes(zone: ZoneInfo, week: dict, day: date) -> None:
    calendar = BusinessCalendar(zone, week)
    counted = len(naive_working_minutes(calendar, day)) + len(naive_working_minutes(calendar, day + DAY))

    assert calendar.working_seconds(day, day + DAY) == counted * 60


@settings(max_examples=60, deadline=None)
@given(zone=zones, week=weeks(), day=days)
def test_working_spans_cover_exactly_the_working_minutes(zone: ZoneInfo, week: dict, day: date) -> None:
    calendar = BusinessCalendar(zone, week)
    covered = {
        opens + MINUTE * n
        for opens, closes in calendar.working_spans(day)
        for n in range(int((closes - opens) / MINUTE))
    }

    assert covered == naive_working_minutes(calendar, day)


@settings(max_examples=60, deadline=None)
@given(zone=zones, day=days)
def test_a_day_starts_at_its_first_minute(zone: ZoneInfo, day: date) -> None:
    minutes = [minute for minute, _ in minutes_of(zone, day)]
    calendar = BusinessCalendar(zone, OFFICE)

    if minutes:
        assert calendar.start_of_day(day) == minutes[0]
        assert calendar.start_of_day(day + DAY) == minutes[-1] + MINUTE
    else:
        assert calendar.start_of_day(day) == calendar.start_of_day(day + DAY)


@settings(max_examples=60, deadline=None)
@given(zone=zones, week=weeks(), day=days, minute=st.integers(0, 1439), minutes=st.integers(1, 3000))
def test_adding_working_time_passes_that_many_working_minutes(
    zone: ZoneInfo, week: dict, day: date, minute: int, minutes: int
) -> None:
    calendar = BusinessCalendar(zone, week)
    at = calendar.start_of_day(day) + MINUTE * minute
    ends = calendar.add_working_seconds(at, minutes * 60)

    if not any(week.values()):
        assert ends == at + MINUTE * minutes
        return
    last = calendar.local_day(ends)
    span = ((calendar.local_day(at) - last).days - 1) * -1
    worked = set().union(
        *(naive_working_minutes(calendar, last - DAY * n) for n in range(-1, min(span, 40) + 1))
    )
    if span <= 40:
        assert len({found for found in worked if at <= found < ends}) == minutes
        assert ends - MINUTE in worked


@settings(max_examples=100, deadline=None)
@given(zone=zones, day=days, n=st.integers(0, 30), country=st.sampled_from(["", "DE", "US", "BR", "ZZ"]))
def test_the_nth_business_day_is_found_by_counting(zone: ZoneInfo, day: date, n: int, country: str) -> None:
    calendar = BusinessCalendar(zone, SPLIT, country)
    found = calendar.add_business_days(day, n)
    between = [day + DAY * k for k in range(1, (found - day).days + 1)]

    assert sum(calendar.is_business_day(each) for each in between) == n
    assert n == 0 or calendar.is_business_day(found)


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_a_year_falls_between_the_bounds_of_its_day(zone: str) -> None:
    calendar = BusinessCalendar(ZoneInfo(zone), OFFICE)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for hour in range(24 * 365):
        at = start + timedelta(hours=hour)
        day = calendar.local_day(at)
        assert calendar.start_of_day(day) <= at < calendar.start_of_day(day + DAY)


def test_spring_and_autumn_change_the_length_of_a_night_shift() -> None:
    calendar = BusinessCalendar(BERLIN, {"6": [["00:00", "06:00"]]})

    assert calendar.working_seconds(date(2026, 3, 29), date(2026, 3, 29)) == 5 * 3600
    assert calendar.working_seconds(date(2026, 10, 25), date(2026, 10, 25)) == 7 * 3600
    assert calendar.working_seconds(date(2026, 6, 7), date(2026, 6, 7)) == 6 * 3600


def test_a_span_past_midnight_belongs_to_the_day_it_starts_on() -> None:
    calendar = BusinessCalendar(BERLIN, {"4": [["22:00", "02:00"]]})
    friday = date(2026, 3, 6)

    assert calendar.working_seconds(friday, friday) == 4 * 3600
    assert calendar.working_seconds(friday + DAY, friday + DAY) == 0
    assert calendar.end_of_day(friday) == datetime(2026, 3, 7, 1, 0, tzinfo=UTC)
    at = datetime(2026, 3, 7, 0, 30, tzinfo=UTC)
    assert calendar.add_working_seconds(at, 600) == at + timedelta(minutes=10)


def test_a_day_ends_with_its_last_span() -> None:
    calendar = BusinessCalendar(BERLIN, SPLIT)

    assert calendar.end_of_day(date(2026, 3, 4)) == datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    assert calendar.end_of_day(date(2026, 7, 4)) == datetime(2026, 7, 4, 16, 0, tzinfo=UTC)


def test_a_day_without_hours_ends_at_six() -> None:
    calendar = BusinessCalendar(BERLIN, OFFICE)

    assert calendar.end_of_day(date(2026, 3, 7)) == datetime(2026, 3, 7, 17, 0, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_the_moment_of_the_change() -> None:
    changed = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    assert instant(BERLIN, date(2026, 3, 29), 2 * 3600 + 1800) == changed
    assert instant(ZoneInfo("America/Sao_Paulo"), date(2017, 10, 15), 0) == datetime(
        2017, 10, 15, 3, tzinfo=UTC
    )


def test_a_time_that_comes_twice_is_its_first_or_its_last() -> None:
    day, half_past_two = date(2026, 10, 25), 2 * 3600 + 1800

    assert instant(BERLIN, day, half_past_two) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(BERLIN, day, half_past_two, last=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_day_that_never_was_is_no_business_day() -> None:
    apia = BusinessCalendar(ZoneInfo("Pacific/Apia"), OFFICE)

    assert date(2011, 12, 30).weekday() == 4
    assert not apia.is_business_day(date(2011, 12, 30))
    assert apia.working_seconds(date(2011, 12, 30), date(2011, 12, 30)) == 0
    assert apia.add_business_days(date(2011, 12, 29), 1) == date(2012, 1, 2)


def test_public_holidays_do_not_count() -> None:
    germany = BusinessCalendar(BERLIN, OFFICE, "DE")
    good_friday, easter_monday = date(2026, 4, 3), date(2026, 4, 6)

    assert not germany.is_business_day(good_friday)
    assert germany.add_business_days(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert germany.working_seconds(good_friday, easter_monday) == 0
    assert germany.working_spans(good_friday) == []


def test_a_subdivision_has_its_own_holidays() -> None:
    epiphany = date(2026, 1, 6)

    assert BusinessCalendar(BERLIN, OFFICE, "DE").is_business_day(epiphany)
    assert not BusinessCalendar(BERLIN, OFFICE, "DE", "BY").is_business_day(epiphany)


def test_an_unknown_country_has_no_holidays_and_an_unknown_subdivision_those_of_its_country() -> None:
    new_year = date(2026, 1, 1)

    assert public_holidays("ZZ") is None
    assert BusinessCalendar(BERLIN, OFFICE, "ZZ", "QQ").is_business_day(new_year)
    assert not BusinessCalendar(BERLIN, OFFICE, "DE", "QQ").is_business_day(new_year)


def test_a_week_without_hours_makes_every_day_count() -> None:
    calendar = BusinessCalendar(BERLIN, {}, "DE")
    sunday = date(2026, 3, 8)

    assert calendar.is_business_day(sunday)
    assert calendar.working_seconds(sunday, sunday) == 0
    assert calendar.end_of_day(sunday) == datetime(2026, 3, 8, 17, 0, tzinfo=UTC)


def test_working_time_can_follow_a_persons_own_week() -> None:
    calendar = BusinessCalendar(BERLIN, OFFICE)
    monday, sunday = date(2026, 3, 2), date(2026, 3, 8)

    assert calendar.working_seconds(monday, sunday) == 40 * 3600
    assert calendar.working_seconds(monday, sunday, {"0": [["09:00", "13:00"]]}) == 4 * 3600
    assert calendar.working_seconds(sunday, monday) == 0


def test_a_shops_calendar_follows_its_settings(shop: Shop) -> None:
    calendar = shop_calendar(shop)

    assert calendar.zone == BERLIN
    assert not calendar.is_business_day(date(2026, 10, 3))
    assert not calendar.is_business_day(date(2026, 4, 3))
    assert shop_calendar().week == shop.hours

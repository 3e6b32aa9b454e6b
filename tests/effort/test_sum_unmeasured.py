from datetime import date, timedelta

from apps.effort.report import By, Report, Row
from apps.effort.shares import Share

HOUR = 3600


def week(monday: date, *, reactive: int, working: int) -> Row:
    return Row("", monday, monday + timedelta(days=6), Share(reactive=reactive), 1, working, None)


def test_more_time_than_hours_in_one_week_hides_nothing_of_another():
    full = week(date(2026, 2, 9), reactive=50 * HOUR, working=40 * HOUR)
    empty = week(date(2026, 2, 16), reactive=10 * HOUR, working=20 * HOUR)
    total = Row("", full.first, empty.last, full.time + empty.time, 2, 60 * HOUR, None)

    report = Report(By.WEEK, full.first, empty.last, [full, empty], [full, empty], total)

    assert total.unmeasured == 0
    assert report.unmeasured == 10 * HOUR
    assert report.unmeasured_share == 10 / 70

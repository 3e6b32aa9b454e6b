"""One wording for a moment, wherever a page, a message or an error says it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.core.moments import at_when, by_when, when

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "alone", "inside", "after_by"),
    [
        (datetime(2026, 3, 4, 15, 0, tzinfo=UTC), "Today 16:00", "today 16:00", "16:00"),
        (datetime(2026, 3, 4, 23, 30, tzinfo=UTC), "Tomorrow 00:30", "tomorrow 00:30", "tomorrow 00:30"),
        (datetime(2026, 3, 3, 9, 0, tzinfo=UTC), "Yesterday 10:00", "yesterday 10:00", "yesterday 10:00"),
        (datetime(2026, 3, 9, 9, 0, tzinfo=UTC), "Mon 9 Mar, 10:00", "Mon 9 Mar, 10:00", "Mon 9 Mar, 10:00"),
        (
            datetime(2018, 5, 3, 9, 30, tzinfo=UTC),
            "Thu 3 May 2018, 11:30",
            "Thu 3 May 2018, 11:30",
            "Thu 3 May 2018, 11:30",
        ),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, alone: str, inside: str, after_by: str) -> None:
    assert when(at, BERLIN, now=NOW) == alone
    assert at_when(at, BERLIN, now=NOW) == inside
    assert by_when(at, BERLIN, now=NOW) == after_by

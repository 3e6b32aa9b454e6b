from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.outreach.backoff import GIVE_UP_AFTER, MOST_TRIES, WAITS, next_try
from tests.factories import NOW

MOMENTS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2))


@given(tries=st.integers(1, 12), since=MOMENTS, wish=st.none() | MOMENTS)
def test_a_next_try_is_later_uneven_by_a_fifth_and_within_a_day(
    tries: int, since: timedelta, wish: timedelta | None
):
    not_before = None if wish is None else NOW + wish
    at = next_try(tries, first_tried_at=NOW - since, now=NOW, not_before=not_before)

    if tries >= MOST_TRIES or since > GIVE_UP_AFTER:
        assert at is None
    if at is not None:
        least, most = 0.8 * WAITS[tries - 1], 1.2 * WAITS[tries - 1]
        assert NOW + least <= at <= max(NOW + most, not_before or NOW)
        assert not_before is None or at >= not_before
        assert at <= NOW - since + GIVE_UP_AFTER
    elif tries < MOST_TRIES:
        assert since + max(1.2 * WAITS[tries - 1], wish or timedelta(0)) > GIVE_UP_AFTER


def test_two_that_fail_together_do_not_come_back_together():
    assert len({next_try(1, first_tried_at=NOW, now=NOW) for _ in range(20)}) > 10


@pytest.mark.parametrize("tries", range(1, MOST_TRIES - 1))
def test_each_wait_is_longer_than_the_one_before(tries: int):
    assert 1.2 * WAITS[tries - 1] <= 1.6 * WAITS[tries]
    assert WAITS[tries - 1] < WAITS[tries]

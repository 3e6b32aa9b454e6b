"""The engine writes the rows that hand-written SQL writes: the limit that its speed is measured by."""

from collections.abc import Iterator

import pytest
from django.db import connection

from apps.campaigns.models import Campaign
from tests.benchmarks.bench_engine import by_engine, by_hand, prepare, turn_of
from tests.benchmarks.shop import build_shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the hand-written side is PostgreSQL's"),
]


@pytest.fixture
def _small_shop() -> Iterator[None]:
    build_shop(400, 2000)
    prepare()
    Campaign.objects.filter(play__in=["welcome", "vip_recognition"]).update(holdout_percent=10)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_due, bench_place, bench_at")


@pytest.mark.usefixtures("_small_shop")
def test_both_sides_write_as_many_rows_to_each_table() -> None:
    _, mine = turn_of(by_engine)
    _, theirs = turn_of(by_hand)
    assert mine == theirs
    assert all(mine.values())

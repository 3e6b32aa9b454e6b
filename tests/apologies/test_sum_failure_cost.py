"""What failure cost: the sums equal those of a plain loop, whatever the rows."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from apps.accounts.models import Role, Shop, User
from apps.apologies.failure_cost import (
    By,
    Span,
    Sums,
    cost_report,
    cost_rows,
    failures,
    failures_with,
    newest_first,
)
from tests import factories
from tests.factories import NOW

from .counted_by_hand import by_hand, count_all
from .failed_world import BEGIN, SPAN, World, incidents, orders

PLAIN = {
    "who": 0,
    "kind": "late",
    "at": 0,
    "items": "",
    "carrier": "",
    "cause": None,
    "team": None,
    "moved_team": None,
    "never": False,
    "tries": [],
    "withdrawn": False,
}


class CostProperty(HypothesisCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(incidents, max_size=6),
        st.lists(orders, max_size=4),
        st.sampled_from([NOW, NOW + timedelta(days=45), NOW + timedelta(days=400)]),
        st.sampled_from(By),
    )
    def test_sums_equal_those_of_a_plain_loop(
        self, failed: list, bought: list, now: datetime, behind: By
    ) -> None:
        world = World()
        for facts in failed:
            world.fail(facts)
        for facts in bought:
            world.order(facts)
        counted = count_all(now)
        marketer = factories.make_user(Role.MARKETER, team=world.teams[0])
        manager = factories.make_user(Role.MANAGER, team=world.teams[0])
        for user, team in [(marketer, None), (manager, manager.team)]:
            for by in By:
                report = cost_report(user, world.shop, SPAN, by=by, now=now)
                expected = by_hand(by, counted, team)
                assert {row.key: row.sums for row in report.rows} == expected
                assert len(report.rows) == len(expected)
                assert report.total == sum(expected.values(), Sums())
                if by == behind:
                    self.rows_add_up(user, world.shop, report.rows, by)

    def rows_add_up(self, user: User, shop: Shop, lines: list, by: By) -> None:
        """The incidents behind a line are as many, and as long, as the line says."""
        for line in lines:
            value = "" if line.key is None else str(line.key)
            behind = failures_with(failures(user, shop, SPAN), by, value)
            shown = list(cost_rows(newest_first(behind)))
            assert len(shown) == line.sums.incidents
            assert sum(row.seconds for row in shown) == line.sums.seconds
            assert sum(row.delivered for row in shown) == line.sums.delivered
            cost = sum((row.cost for row in shown), Decimal(0))
            assert cost == sum((money.cost for money in line.sums.money.values()), Decimal(0))


DAYS = 60 * 86_400


@pytest.mark.parametrize(
    ("bought", "passed", "again", "known"),
    [
        (None, DAYS - 1, 0, 0),
        (None, DAYS, 0, 1),
        (0, DAYS - 1, 0, 0),
        (1, 2, 1, 1),
        (3, 2, 0, 0),  # nobody knows of it yet
        (DAYS, DAYS, 1, 1),
        (DAYS + 1, DAYS + 1, 0, 1),
    ],
)
def test_who_ordered_within_sixty_days_ordered_again(
    shop: Shop, admin: User, bought: int | None, passed: int, again: int, known: int
) -> None:
    offer = {"status": "delivered", "after": 0, "due": 0, "again": True, "is_given": False, "bought": bought}
    World().fail({**PLAIN, "offer": offer})
    now = BEGIN + timedelta(days=1, seconds=passed)
    total = cost_report(admin, shop, SPAN, by=By.KIND, now=now).total
    assert (total.delivered, total.again, total.again_known) == (1, again, known)


def test_time_of_a_delivery_is_that_of_the_last(shop: Shop, admin: User) -> None:
    """It was in time, was taken back, and was told again a day later: too late."""
    offer = {"status": "delivered", "after": 0, "due": 1, "is_given": False, "bought": None}
    World().fail({**PLAIN, "offer": {**offer, "again": True}})
    World().fail({**PLAIN, "offer": {**offer, "again": False}})
    total = cost_report(admin, shop, SPAN, by=By.KIND, now=NOW).total
    assert (total.delivered, total.in_time) == (2, 1)


def test_time_for_its_letters_is_counted_with_that_of_the_call(shop: Shop, admin: User) -> None:
    """Also for one that came back, and for a try at it that did not end it; not what was no care."""
    call = {"outcome": "talked", "seconds": 59, "origin": "proactive"}
    posted, internal = {**call, "seconds": 1}, {**call, "origin": "internal"}
    offer = {"status": "delivered", "after": 0, "due": 1, "again": False, "is_given": False, "bought": None}
    letters = [[posted], [posted, internal, posted]]
    World().fail({**PLAIN, "team": 0, "tries": [call, internal], "offer": {**offer, "letters": letters}})
    assert cost_report(admin, shop, SPAN, by=By.KIND, now=NOW).total.seconds == 59 + 3
    behind = failures_with(failures(admin, shop, SPAN), By.KIND, "late")
    assert [row.seconds for row in cost_rows(newest_first(behind))] == [62]
    assert by_hand(By.KIND, count_all(NOW), None)["late"].seconds == 62


@pytest.mark.parametrize("value", ["x", "1.5", "-1", "²", "9" * 40])
def test_key_that_cannot_be_read_finds_nothing(shop: Shop, admin: User, value: str) -> None:
    factories.make_incident()
    found = failures(admin, shop, Span(NOW.date(), NOW.date()))
    assert not failures_with(found, By.TEAM, value).exists()
    assert failures_with(found, By.TEAM, "").count() == 1


@pytest.mark.parametrize("by", list(By))
def test_report_costs_four_queries_however_much_there_is(
    shop: Shop, admin: User, by: By, django_assert_max_num_queries: Any
) -> None:
    """Incidents with their time, apologies that arrived, money; names of causes or teams."""
    world = World()
    given = {"is_given": True, "given": {"status": "issued"}, "bought": None}
    told = {"offer": {"status": "delivered", "after": 0, "due": 1, "again": False, **given}}
    for number in range(12):
        world.fail({**PLAIN, **told, "cause": number % 2, "team": number % 2})
    with django_assert_max_num_queries(4):
        report = cost_report(admin, shop, SPAN, by=by, now=NOW)
    assert report.total.incidents == report.total.in_time == 12

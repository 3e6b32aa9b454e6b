"""Incidents read from orders. The shop is three hours behind UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.customers.models import Order
from tests.factories import make_customer, make_incident, make_order, make_user

from .outcomes import listed

PROMISED = date(2026, 1, 5)
SECOND = timedelta(seconds=1)


def midnight(days: int) -> datetime:
    """The beginning of the n-th day after the promised one, in the shop's zone."""
    day = PROMISED + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def order(**fields: object) -> None:
    placed = datetime(2025, 12, 20, 12, tzinfo=UTC)
    make_order(external_id="o1", **{"placed_at": placed, "promised_on": PROMISED, **fields})


def kinds(at: datetime) -> list[str]:
    return [kind for _, _, kind, _ in listed("apology", at)]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (midnight(1) - SECOND, []),
        (midnight(1), ["late"]),
        (midnight(31) - SECOND, ["late"]),
        (midnight(31), []),
    ],
)
def test_late_is_known_the_day_after_for_29_days(moment: datetime, expected: list[str]) -> None:
    order()
    assert kinds(moment) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (midnight(11) - SECOND, ["late"]),
        (midnight(11), ["lost"]),
        (midnight(41) - SECOND, ["lost"]),
        (midnight(41), []),
    ],
)
def test_lost_takes_the_place_of_late_on_the_11th_day(moment: datetime, expected: list[str]) -> None:
    order(handed_to_carrier_at=midnight(-3))
    assert kinds(moment) == expected


def test_delivered_by_the_last_second_of_the_promised_day_is_in_time() -> None:
    order(delivered_at=midnight(1) - SECOND)
    assert kinds(midnight(2)) == []


def test_delivered_a_second_later_is_late() -> None:
    order(delivered_at=midnight(1))
    assert kinds(midnight(2)) == ["late"]


def test_arrival_turns_lost_back_into_late_known_as_late() -> None:
    order(handed_to_carrier_at=midnight(-3), delivered_at=midnight(20))
    assert kinds(midnight(20) - SECOND) == ["lost"]
    assert kinds(midnight(20)) == ["late"]
    assert kinds(midnight(31)) == []


def test_an_order_handed_over_later_is_not_lost_yet() -> None:
    order(handed_to_carrier_at=midnight(15))
    assert kinds(midnight(15) - SECOND) == ["late"]
    assert kinds(midnight(15)) == ["lost"]


@pytest.mark.parametrize("status", ["cancelled", "canceled", "voided", "unavailable"])
def test_cancelled_by_us_is_known_on_the_promised_day(status: str) -> None:
    order(status=status)
    assert kinds(midnight(0) - SECOND) == []
    assert kinds(midnight(0)) == ["cancelled"]
    assert kinds(midnight(30) - SECOND) == ["cancelled"]
    assert kinds(midnight(30)) == []


def test_cancelled_by_the_customer_is_no_incident() -> None:
    order(status="cancelled", cancelled_by_customer=True)
    assert kinds(midnight(1)) == []


def test_without_a_promised_day_nothing_is_detected() -> None:
    order(promised_on=None, handed_to_carrier_at=midnight(-3))
    assert kinds(midnight(5)) == []


def test_resolved_incident_is_left_out_from_its_moment() -> None:
    order()
    at = midnight(5)
    placed = Order.objects.get()
    make_incident(placed.customer, order=placed, status="resolved", resolved_at=at)
    assert kinds(at - SECOND) == ["late"]
    assert kinds(at) == []


def test_reported_incident_without_an_order_is_a_case() -> None:
    reporter = make_user()
    known = {"known_on": PROMISED, "detected_at": midnight(0)}
    incident = make_incident(make_customer(external_id="c"), kind="rude", reported_by=reporter, **known)
    assert listed("apology", midnight(29))[0] == ("c", f"incident:case-{incident.pk}", "rude", "enrolled")
    assert kinds(midnight(30)) == []


def test_reported_and_detected_are_one_candidate_of_the_stronger_kind() -> None:
    order()
    placed = Order.objects.get()
    known = {"known_on": PROMISED, "detected_at": midnight(0), "reported_by": make_user()}
    make_incident(placed.customer, order=placed, kind="wrong", **known)
    assert kinds(midnight(5)) == ["wrong"]

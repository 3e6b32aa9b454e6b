from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.factories import NOW, make_customer, make_order

from .outcomes import listed


def found(at: datetime = NOW) -> set[str]:
    return {who for who, *_ in listed("vip_recognition", at)}


def spend(who: str, *totals: str, at: datetime = NOW - timedelta(days=9), **fields: object) -> None:
    customer = make_customer(external_id=who)
    for total in totals:
        make_order(customer, total=Decimal(total), placed_at=at, **fields)


def test_top_five_percent_is_rounded_up() -> None:
    for n in range(20):
        spend(f"c{n}", f"{n + 1}.00")
    assert found() == {"c19"}
    spend("c20", "0.50")
    assert found() == {"c19", "c18"}


def test_customers_without_net_spend_do_not_count() -> None:
    for n in range(20):
        spend(f"c{n}", f"{n + 1}.00")
    spend("nothing", "0.00")
    spend("void", "900.00", status="unavailable")
    assert found() == {"c19"}


def test_spend_counts_from_just_inside_8760_hours_up_to_the_moment() -> None:
    edge = NOW - timedelta(hours=8760)
    spend("edge", "900.00", at=edge)
    spend("future", "900.00", at=NOW + timedelta(seconds=1))
    spend("inside", "5.00", at=edge + timedelta(seconds=1))
    assert found() == {"inside"}


def test_sums_are_exact_and_ties_go_to_the_later_order() -> None:
    spend("early", "0.10", "0.20", at=NOW - timedelta(days=3))
    spend("late", "0.30", at=NOW - timedelta(days=2))
    assert found() == {"late"}


def test_occasion_is_the_quarter_in_the_shops_zone() -> None:
    spend("c1", "5.00", at=datetime(2018, 6, 1, tzinfo=UTC))
    still_june = datetime(2018, 7, 1, 2, 59, 59, tzinfo=UTC)
    assert listed("vip_recognition", still_june)[0][1] == "vip:2018Q2"
    assert listed("vip_recognition", still_june + timedelta(seconds=1))[0][1] == "vip:2018Q3"

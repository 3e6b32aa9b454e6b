from datetime import UTC, datetime, timedelta

from tests.factories import NOW, make_customer, make_order

from .outcomes import listed, outcomes

SECOND = timedelta(seconds=1)


def found(at: datetime = NOW) -> set[str]:
    return {occasion for _, occasion, _, _ in listed("welcome", at)}


def test_first_order_counts_from_just_inside_336_hours_up_to_the_moment() -> None:
    make_order(external_id="at", placed_at=NOW)
    make_order(external_id="inside", placed_at=NOW - timedelta(hours=336) + SECOND)
    make_order(external_id="edge", placed_at=NOW - timedelta(hours=336))
    make_order(external_id="later", placed_at=NOW + SECOND)
    assert found() == {"order:at", "order:inside"}


def test_span_is_in_hours_across_a_change_of_clocks() -> None:
    at = datetime(2017, 10, 19, 14, 0, tzinfo=UTC)
    make_order(external_id="inside", placed_at=datetime(2017, 10, 5, 14, 0, 1, tzinfo=UTC))
    make_order(external_id="edge", placed_at=datetime(2017, 10, 5, 14, 0, tzinfo=UTC))
    local = at.astimezone(datetime.now().astimezone().tzinfo)
    assert found(at) == found(local) == {"order:inside"}


def test_second_order_is_no_first_one() -> None:
    customer = make_customer()
    make_order(customer, placed_at=NOW - timedelta(days=40))
    make_order(customer, placed_at=NOW - timedelta(days=2))
    assert found() == set()


def test_void_orders_are_left_out_before_the_first_is_chosen() -> None:
    customer = make_customer()
    for n, status in enumerate(["cancelled", "canceled", "voided", "unavailable"]):
        make_order(customer, placed_at=NOW - timedelta(days=40 + n), status=status)
    make_order(customer, external_id="first", placed_at=NOW - timedelta(days=2), status="created")
    make_order(external_id="void", placed_at=NOW - timedelta(days=1), status="canceled")
    assert found() == {"order:first"}


def test_of_two_orders_at_one_moment_the_first_that_came_in_is_the_occasion() -> None:
    customer = make_customer()
    make_order(customer, external_id="a", placed_at=NOW)
    make_order(customer, external_id="b", placed_at=NOW)
    assert found() == {"order:a"}


def test_customer_without_name_mail_or_phone_is_a_candidate() -> None:
    make_order(make_customer(external_id="blank", name="", email="", phone=""), external_id="o")
    assert outcomes("welcome", NOW) == {"blank order:o": "enrolled"}

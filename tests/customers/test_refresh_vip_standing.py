from datetime import datetime, timedelta
from decimal import Decimal

from apps.accounts.models import Shop
from apps.customers.models import Customer, Order
from apps.customers.services import refresh_vip_standing
from tests.factories import make_customer, make_order


def spenders(amounts: list[int], now: datetime) -> list[Customer]:
    customers = [make_customer() for _ in amounts]
    for customer, amount in zip(customers, amounts, strict=True):
        make_order(customer, total=Decimal(amount), placed_at=now - timedelta(days=30))
    return customers


def vips() -> set[Customer]:
    return set(Customer.objects.exclude(vip_since=None))


def test_the_top_five_percent_enter_rounded_up(shop: Shop, now: datetime) -> None:
    customers = spenders(list(range(1, 42)), now)

    assert refresh_vip_standing(now=now) == (3, 0)

    assert vips() == set(customers[-3:])
    assert {customer.vip_since for customer in vips()} == {now}


def test_one_stays_until_below_the_top_eight_percent(shop: Shop, now: datetime) -> None:
    customers = spenders([100] * 96 + [200, 300, 400, 500], now)
    keeper, leaver = customers[95], customers[0]
    Order.objects.filter(customer=keeper).update(total=Decimal(150))
    Customer.objects.filter(pk__in=[keeper.pk, leaver.pk]).update(vip_since=now - timedelta(days=9))
    Order.objects.filter(customer=leaver).update(total=Decimal(1))

    entered, left = refresh_vip_standing(now=now)

    assert (entered, left) == (4, 1)
    assert keeper in vips()
    assert leaver not in vips()


def test_void_old_and_later_orders_do_not_count(shop: Shop, now: datetime) -> None:
    buyer, cancelled, old, later = spenders([10, 0, 0, 0], now)
    make_order(cancelled, total=Decimal(999), status="cancelled", placed_at=now - timedelta(days=1))
    make_order(old, total=Decimal(999), placed_at=now - timedelta(days=365))
    make_order(later, total=Decimal(999), placed_at=now + timedelta(seconds=1))

    refresh_vip_standing(now=now)

    assert vips() == {buyer}


def test_running_twice_changes_nothing(shop: Shop, now: datetime) -> None:
    spenders([1, 2, 3], now)
    refresh_vip_standing(now=now)

    assert refresh_vip_standing(now=now + timedelta(hours=1)) == (0, 0)
    assert {customer.vip_since for customer in vips()} == {now}

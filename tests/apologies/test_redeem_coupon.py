"""A coupon is used once, until its last day; one that nobody used runs out."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import User
from apps.apologies.models import Compensation
from apps.apologies.services import expire_compensations, redeem, reverse
from apps.core.models import Event

from .money import given, make_budget, paths, sums

pytestmark = pytest.mark.django_db
LAST_MOMENT = datetime.fromisoformat("2026-08-31T21:59:00+00:00")  # 23:59 in Berlin


@pytest.fixture
def coupon(manager: User, now: datetime) -> Compensation:
    make_budget()
    return given(manager, now)


def use(given: str | Compensation, now: datetime, order: str = "1042", at: datetime | None = None) -> str:
    return redeem(given, order=order, redeemed_at=at or now, by=None, now=now).result.value


def test_a_coupon_is_used_for_an_order(coupon: Compensation, now: datetime) -> None:
    assert use(coupon.code or "", now) == "accepted"
    coupon.refresh_from_db()
    assert (coupon.status, coupon.redeemed_order, coupon.redeemed_at) == ("redeemed", "1042", now)
    budget = coupon.entries.first().budget
    assert sums(budget) == ("0.00", "10.00", "10.00", "0.00")
    assert Event.objects.filter(subject_id=coupon.pk, verb="redeemed").count() == 1


def test_it_is_found_however_it_was_typed(coupon: Compensation, now: datetime) -> None:
    assert use(f" {(coupon.code or '').lower().replace('-', '')} ", now) == "accepted"


def test_a_code_of_the_shops_own_is_found_as_it_is(coupon: Compensation, now: datetime) -> None:
    Compensation.objects.filter(pk=coupon.pk).update(code="Sorry-10_x")
    assert use("sorry-10_x", now) == "unknown"
    assert use("Sorry-10_x", now) == "accepted"


def test_the_same_again_changes_nothing(coupon: Compensation, now: datetime) -> None:
    use(coupon, now)
    assert use(coupon, now + timedelta(hours=1)) == "already"
    assert paths().count("outstanding redeemed") == 1
    coupon.refresh_from_db()
    assert coupon.redeemed_at == now


def test_another_order_cannot_use_it(coupon: Compensation, now: datetime) -> None:
    use(coupon, now)
    assert use(coupon, now, order="1043") == "other order"
    coupon.refresh_from_db()
    assert coupon.redeemed_order == "1042"


def test_what_nobody_was_given_is_unknown(coupon: Compensation, now: datetime) -> None:
    assert use("0000-0000-0000-0000-0", now) == "unknown"
    assert use("", now) == "unknown"


def test_what_was_taken_back_is_unknown(coupon: Compensation, manager: User, now: datetime) -> None:
    reverse(coupon, reason="A mistake", by=manager, now=now)
    assert use(coupon, now) == "unknown"


def test_it_counts_to_the_end_of_its_last_day_in_the_shop(coupon: Compensation, now: datetime) -> None:
    later = LAST_MOMENT + timedelta(minutes=1)
    assert use(coupon, later, at=later) == "expired"
    assert use(coupon, later, at=LAST_MOMENT) == "accepted"


def test_what_nobody_used_runs_out_and_is_free_again(coupon: Compensation, now: datetime) -> None:
    assert expire_compensations(now=LAST_MOMENT) == 0
    assert expire_compensations(now=LAST_MOMENT + timedelta(minutes=1)) == 1
    assert expire_compensations(now=LAST_MOMENT + timedelta(minutes=1)) == 0
    coupon.refresh_from_db()
    assert coupon.status == "expired"
    assert sums(coupon.entries.first().budget) == ("0.00", "0.00", "0.00", "10.00")
    assert paths()[-1] == "outstanding expired"


def test_what_is_used_or_has_no_end_does_not_run_out(
    coupon: Compensation, manager: User, now: datetime
) -> None:
    use(coupon, now)
    given(manager, now, compensation="refund")
    assert expire_compensations(now=now + timedelta(days=999)) == 0


def test_used_in_time_and_told_later_is_honoured(coupon: Compensation, now: datetime) -> None:
    later = LAST_MOMENT + timedelta(days=3)
    expire_compensations(now=later)
    assert use(coupon, later, at=LAST_MOMENT) == "accepted"
    assert sums(coupon.entries.first().budget) == ("0.00", "10.00", "10.00", "0.00")
    assert paths()[-2:] == ["expired outstanding", "outstanding redeemed"]


def test_told_later_than_its_money_lasts_waits_for_the_budget(
    coupon: Compensation, manager: User, now: datetime
) -> None:
    later = LAST_MOMENT + timedelta(days=3)
    expire_compensations(now=later)
    budget = coupon.entries.first().budget
    given(manager, now, amount=Decimal("90.01"))
    assert use(coupon, later, at=LAST_MOMENT) == "no budget"
    type(budget).objects.update(amount="100.01")
    assert use(coupon, later, at=LAST_MOMENT) == "accepted"


def test_many_run_out_in_chunks(manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.apologies.services.redemption.CHUNK", 2)
    budget = make_budget()
    for _ in range(5):
        given(manager, now)
    assert expire_compensations(now=now + timedelta(days=200)) == 5
    assert sums(budget)[3] == "50.00"


@pytest.mark.parametrize(("days", "result"), [(-1, "too early"), (1, "too late")])
def test_nothing_is_used_before_it_was_given_nor_in_the_future(
    coupon: Compensation, now: datetime, days: int, result: str
) -> None:
    assert use(coupon, now, at=now + timedelta(days=days)) == result
    coupon.refresh_from_db()
    assert (coupon.status, coupon.redeemed_at) == ("issued", None)
    soon = now + timedelta(minutes=4 * days)  # clocks differ
    assert use(coupon, now, at=soon) == "accepted"


def test_what_ran_out_is_not_honoured_for_a_time_before_it_was_given(
    coupon: Compensation, now: datetime
) -> None:
    later = LAST_MOMENT + timedelta(days=3)
    expire_compensations(now=later)
    assert use(coupon, later, at=now - timedelta(minutes=6)) == "too early"
    assert sums(coupon.entries.first().budget) == ("0.00", "0.00", "0.00", "10.00")


def test_of_two_codes_that_differ_in_case_the_one_that_was_typed_is_used(
    coupon: Compensation, manager: User, now: datetime
) -> None:
    other = given(manager, now)
    Compensation.objects.filter(pk=coupon.pk).update(code="SPRING-AB12")
    Compensation.objects.filter(pk=other.pk).update(code="SPRING-ab12")
    assert use("SPRING-ab12", now) == "accepted"
    other.refresh_from_db()
    coupon.refresh_from_db()
    assert (other.status, coupon.status) == ("redeemed", "issued")
    assert use("SPRING-AB12", now, order="1043") == "accepted"

"""Codes of the shop's own system come into the pool, and its list of used coupons into the ledger."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Shop, User
from apps.apologies.codes import new_code
from apps.apologies.models import Compensation, CouponCode, LedgerEntry
from apps.apologies.refusals import Refused
from apps.apologies.services import add_to_pool
from tests.apologies.money import given, make_budget, sums

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


def told(command: str, path: Path, *arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command(command, str(path), "--json", *arguments, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "codes.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_codes_come_into_the_pool_once(shop: Shop, tmp_path: Path) -> None:
    path = write(
        tmp_path, "code,amount,currency,expires_on", "SORRY-1,10.00,EUR,2026-12-31", "SORRY-2,5,usd,"
    )
    assert told("import_coupon_codes", path)["created"] == 2
    again = told("import_coupon_codes", path)
    assert (again["created"], again["unchanged"]) == (0, 2)
    rows = CouponCode.objects.order_by("code").values_list("code", "amount", "currency", "expires_on")
    assert list(rows) == [
        ("SORRY-1", Decimal(10), "EUR", date(2026, 12, 31)),
        ("SORRY-2", Decimal(5), "USD", None),
    ]


def test_what_the_file_does_not_say_is_said_once_for_all(shop: Shop, tmp_path: Path) -> None:
    path = write(tmp_path, "code", "SORRY-1")
    told("import_coupon_codes", path, "--amount", "7.50", "--expires", "2026-12-31")
    row = CouponCode.objects.get()
    assert (row.amount, row.currency, row.expires_on) == (Decimal("7.50"), "EUR", date(2026, 12, 31))


def test_codes_worth_nobody_knows_what_are_refused(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--amount"):
        told("import_coupon_codes", write(tmp_path, "code", "SORRY-1"))


@pytest.mark.parametrize("row", ["SORRY-1,0,EUR", "SORRY-1,-1,EUR", "ABC,1,EUR", ",1,EUR", "SORRY-1,1,EURO"])
def test_a_row_that_cannot_be_used_is_rejected(shop: Shop, tmp_path: Path, row: str) -> None:
    report = told("import_coupon_codes", write(tmp_path, "code,amount,currency", row, "SORRY-2,1,EUR"))
    assert (report["created"], report["rejected"]) == (1, 1)
    assert "SORRY-2" not in Path(report["rejects_file"]).read_text()


def test_a_code_that_was_given_away_is_known(manager: User, now: Any, tmp_path: Path) -> None:
    coupon = given(manager, now)
    report = told("import_coupon_codes", write(tmp_path, "code,amount", f"{coupon.code},10"))
    assert (report["created"], report["unchanged"]) == (0, 1)


def test_used_coupons_are_recorded_once(manager: User, now: Any, tmp_path: Path) -> None:
    budget = make_budget()
    used, other = given(manager, now), given(manager, now)
    path = write(
        tmp_path,
        "Discount code;Order;Used at",
        f"{used.code};1042;2026-03-05 10:00",
        f"{new_code()};1043;2026-03-05 10:00",
        f"{other.code};1044;2026-10-05 10:00",
        f"{other.code};1044;soon",
    )
    first = told("import_redemptions", path)
    assert (first["accepted"], first["unknown"], first["expired"], first["rejected"]) == (1, 1, 1, 1)
    second = told("import_redemptions", path)
    assert (second["accepted"], second["already"], second["unknown"]) == (0, 1, 1)
    assert sums(budget) == ("0.00", "20.00", "10.00", "0.00")
    assert LedgerEntry.objects.filter(to_account="redeemed").count() == 1
    row = Compensation.objects.get(status="redeemed")
    assert row.redeemed_at and row.redeemed_at.isoformat() == "2026-03-05T09:00:00+00:00"  # Berlin's


def test_the_same_coupon_for_two_orders_is_told(manager: User, now: Any, tmp_path: Path) -> None:
    coupon = given(manager, now)
    rows = [f"{coupon.code},{order},2026-03-05" for order in ("1", "2")]
    out = StringIO()
    call_command("import_redemptions", str(write(tmp_path, "code,order,redeemed_at", *rows)), stdout=out)
    assert "1 new, 0 known already" in out.getvalue()
    assert "1 used for another order before" in out.getvalue()
    assert coupon.code not in out.getvalue()


def test_a_row_from_before_its_coupon_was_given_says_so(manager: User, now: Any, tmp_path: Path) -> None:
    coupon = given(manager, now)  # on 4 March at 11:00 in Berlin
    rows = [f"{coupon.code},1,{at}" for at in ("2026-03-03", "2026-03-04 10:54", "2026-03-04")]
    report = told("import_redemptions", write(tmp_path, "code,order,redeemed_at", *rows))
    assert (report["too early"], report["accepted"]) == (2, 1)
    rejects = Path(report["rejects_file"]).read_text()
    assert rejects.count("used before it was given: check its moment and its code") == 2


def test_a_code_that_equals_another_but_for_its_case_is_refused(
    manager: User, now: Any, tmp_path: Path
) -> None:
    coupon = given(manager, now)
    Compensation.objects.filter(pk=coupon.pk).update(code="WINTER-AB12")
    rows = [f"{code},10,EUR" for code in ("SPRING-AB12", "SPRING-ab12", "winter-ab12", "WINTER-AB12")]
    path = write(tmp_path, "code,amount,currency", *rows)
    for created in (1, 0):  # sent again, it is the same
        report = told("import_coupon_codes", path)
        assert (report["created"], report["rejected"], report["unchanged"]) == (created, 2, 2 - created)
    rejects = Path(report["rejects_file"]).read_text()
    assert rejects.count("equals another code but for small and capital letters") == 2
    assert list(CouponCode.objects.values_list("code", flat=True)) == ["SPRING-AB12"]


def test_the_pool_takes_no_such_code_by_any_way(shop: Shop, now: Any) -> None:
    codes = [CouponCode(code=code, amount=10, currency="EUR") for code in ("SPRING-AB12", "SPRING-ab12")]
    with pytest.raises(Refused, match="equals another code but"):
        add_to_pool(codes, now=now)
    assert not CouponCode.objects.exists()

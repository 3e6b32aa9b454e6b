"""Read the coupon codes that the shop's own system made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.accounts.models import Shop
from apps.apologies.models import CouponCode
from apps.apologies.services import add_to_pool, twins_of
from apps.apologies.services.coupons import TWIN
from apps.core.csv_reader import Field, RejectsFile, Table, Unreadable, UnusableFile, Unused, open_csv
from apps.core.csv_reader.times import day
from apps.core.csv_reader.values import amount, identity

CHUNK = 1000
LEAST_LENGTH = 6
NO_AMOUNT = "{name} has no column amount. Say with --amount what each of its codes is worth."
NO_CURRENCY = "In which currency are these codes? Say it with --currency, such as EUR."
WORTH_NOTHING = "amount is not above zero"


@dataclass(frozen=True)
class Defaults:
    """For cells that the file leaves blank, and columns that it has not."""

    amount: Decimal | None = None
    currency: str = ""
    expires_on: date | None = None


@dataclass
class CouponsReport:
    read: int = 0
    created: int = 0
    rejected: int = 0
    rejects_file: Path | None = None
    unused: Unused = field(default_factory=Unused)

    @property
    def unchanged(self) -> int:
        return self.read - self.created - self.rejected

    def as_dict(self) -> dict[str, Any]:
        counts = {"read": self.read, "created": self.created, "unchanged": self.unchanged}
        rejects = str(self.rejects_file) if self.rejects_file else None
        return {**counts, "rejected": self.rejected, "rejects_file": rejects, **self.unused.in_report()}


def import_coupon_codes(
    path: Path, maps: Mapping[str, str], defaults: Defaults, *, now: datetime
) -> CouponsReport:
    """Add the file's codes to the pool, or raise UnusableFile. Known codes stay as they are."""
    shop = Shop.current()
    table = open_csv(path, _fields(shop), maps)
    if not table.has("amount") and not defaults.amount:
        raise UnusableFile(NO_AMOUNT.format(name=path.name))
    defaults = Defaults(defaults.amount, defaults.currency or shop.currency, defaults.expires_on)
    if not table.has("currency") and not defaults.currency:
        raise UnusableFile(NO_CURRENCY)
    report = CouponsReport(unused=table.unused())
    rejects = RejectsFile(settings.DATA_FOLDER / "rejects", "coupon-codes", table.header, now)

    def reject(line: int, reason: str, cells: list[str]) -> None:
        report.read += 1
        report.rejected += 1
        rejects.add("coupon codes", line, reason, table.header, cells)

    try:
        codes = _codes(table, defaults, reject)
        while chunk := list(islice(codes, CHUNK)):
            twins = twins_of(code.code for _, _, code in chunk)
            for line, cells, code in chunk:
                if code.code in twins:
                    reject(line, TWIN, cells)
            fine = [code for _, _, code in chunk if code.code not in twins]
            report.read += len(fine)
            report.created += add_to_pool(fine, now=now)
    finally:
        rejects.close()
    report.rejects_file = rejects.path
    return report


def _codes(
    table: Table, defaults: Defaults, reject: Callable[[int, str, list[str]], None]
) -> Iterator[tuple[int, list[str], CouponCode]]:
    """Line, cells and code of each row that can be used."""
    names = [each.name for each in table.fields]
    for line, values, cells in table.rows(reject):
        row = dict(zip(names, values, strict=True))
        worth = Decimal(row.get("amount") or defaults.amount or 0)
        currency = row.get("currency") or defaults.currency
        if worth <= 0 or not currency:
            reject(line, WORTH_NOTHING if currency else "has no currency", cells)
            continue
        expires = date.fromisoformat(row["expires_on"]) if row.get("expires_on") else defaults.expires_on
        code = CouponCode(code=row["code"], amount=worth, currency=currency, expires_on=expires)
        yield line, cells, code


def _fields(shop: Shop) -> list[Field]:
    return [
        Field("code", _code, ("coupon", "coupon_code", "discount_code", "voucher"), required=True),
        Field("amount", _amount, ("value", "worth")),
        Field("currency", _currency),
        Field("expires_on", day(shop.zone), ("expires", "expires_at", "valid_until", "ends_at")),
    ]


def _code(text: str) -> str:
    code = str(identity(40)(text))
    if len(code) < LEAST_LENGTH:
        raise Unreadable(f"is shorter than {LEAST_LENGTH} characters, and can be guessed")
    return code


def _amount(text: str) -> str | None:
    return amount(text) if text.strip() else ""


def _currency(text: str) -> str:
    plain = text.strip().upper()
    if plain and not (len(plain) == 3 and plain.isascii() and plain.isalpha()):
        raise Unreadable("is not a currency such as EUR")
    return plain

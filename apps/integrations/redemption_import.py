"""Read the shop's list of used coupons: code, order, when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.accounts.models import Shop
from apps.apologies.services import Result, redeem
from apps.core.csv_reader import Field, RejectsFile, Unused, open_csv
from apps.core.csv_reader.columns import Convert
from apps.core.csv_reader.times import moment, read_time
from apps.core.csv_reader.values import identity

WHY = {
    Result.UNKNOWN: "unknown code, or taken back",
    Result.EXPIRED: "used after its last day",
    Result.OTHER_ORDER: "used for another order before",
    Result.TOO_EARLY: "used before it was given: check its moment and its code",
    Result.TOO_LATE: "used in the future: check its moment",
    Result.NO_BUDGET: "told so late that its money was given away: raise the budget and import again",
}


@dataclass
class RedemptionsReport:
    """How many rows had each result; `rejected` could not be read."""

    results: Counter[Result] = field(default_factory=Counter)
    rejected: int = 0
    rejects_file: Path | None = None
    unused: Unused = field(default_factory=Unused)

    def as_dict(self) -> dict[str, Any]:
        return {
            **{result.value: self.results[result] for result in Result},
            "rejected": self.rejected,
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            **self.unused.in_report(),
        }


def import_redemptions(path: Path, maps: Mapping[str, str], *, now: datetime) -> RedemptionsReport:
    """Record each row; one that is known changes nothing, so the file may be sent again, and grow.

    Raises UnusableFile. Rows that were not taken go to a rejects file, with the reason.
    """
    table = open_csv(path, _fields(now), maps)
    report = RedemptionsReport(unused=table.unused())
    rejects = RejectsFile(settings.DATA_FOLDER / "rejects", "redemptions", table.header, now)

    def reject(line: int, reason: str, cells: list[str]) -> None:
        rejects.add("redemptions", line, reason, table.header, cells)

    def unreadable(line: int, reason: str, cells: list[str]) -> None:
        report.rejected += 1
        reject(line, reason, cells)

    names = [each.name for each in table.fields]
    try:
        for line, values, cells in table.rows(unreadable):
            result = _record(dict(zip(names, values, strict=True)), now)
            report.results[result] += 1
            if result in WHY:
                reject(line, WHY[result], cells)
    finally:
        rejects.close()
    report.rejects_file = rejects.path
    return report


def _record(row: dict[str, str], now: datetime) -> Result:
    redeemed_at = datetime.fromisoformat(row["redeemed_at"]).replace(tzinfo=UTC)
    return redeem(row["code"], order=row["order"], redeemed_at=redeemed_at, by=None, now=now).result


def _fields(now: datetime) -> list[Field]:
    codes = ("coupon", "coupon_code", "discount_code", "voucher", "voucher_code")
    orders = ("order_id", "order_number", "order_name", "name")
    times = ("redeemed", "used_at", "used", "created_at", "date", "timestamp")
    return [
        Field("code", identity(40), codes, required=True),
        Field("order", identity(160), orders, required=True),
        Field("redeemed_at", _used_at(Shop.current().zone, now), times, required=True),
    ]


def _used_at(zone: ZoneInfo, now: datetime) -> Convert:
    """A day without a time is its end, or now: whatever was given on that day was given before."""
    exact = moment(zone, latest=now, required=True)

    def convert(text: str) -> str | None:
        found = read_time(text)
        if isinstance(found, datetime):
            return exact(text)
        if found == now.astimezone(zone).date():
            return str(now.astimezone(UTC).replace(tzinfo=None))
        return exact(f"{found.isoformat()} 23:59:59")

    return convert

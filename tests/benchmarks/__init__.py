"""Benches: each measures a part of the product beside its limit in the same run. `make bench` runs all.

A bench is a module `bench_<name>.py` with `run(size: Size) -> Iterable[Measure]`. It runs with Django set
up on PostgreSQL, on a migrated database of the benches' own that holds what the bench before it left: start
with `shop.build_shop(size.customers, size.orders)` or `shop.write_csv(folder, ...)`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    customers: int
    orders: int
    full: bool = False


@dataclass(frozen=True)
class Measure:
    """One figure beside its limit; `at_least` tells which side is good. Without a limit: for the record."""

    what: str
    value: float
    limit: float | None = None
    at_least: bool = False
    unit: str = ""
    detail: str = ""

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        sign = ">=" if self.at_least else "<="
        limit = "" if self.limit is None else f"{sign} {self.limit:g}"
        verdict = "" if self.limit is None else ("holds" if self.holds else "MISSED")
        return f"  {self.what:<58} {self.value:>10.3g} {self.unit:<6} {limit:<9} {verdict:<7} {self.detail}"


REGULAR = Size(customers=100_000, orders=500_000)
FULL = Size(customers=1_000_000, orders=5_000_000, full=True)

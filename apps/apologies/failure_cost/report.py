"""The report: a row for each key, the dearest first, and their total."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.models import Shop, Team, User

from ..models import Cause, IncidentKind
from .dimensions import By
from .incidents import Span, failures
from .sums import Sums, sums_by

NOTHING_KNOWN = {
    By.CAUSE: "No cause named",
    By.PRODUCT: "Not known",
    By.CARRIER: "Not known",
    By.TEAM: "No team",
}
GONE = "No longer there"
MODELS: dict[By, Any] = {By.CAUSE: Cause, By.TEAM: Team}


@dataclass(frozen=True)
class CostRow:
    """One line. `key` is None or empty where nothing is known."""

    key: Any
    name: str
    sums: Sums


@dataclass(frozen=True)
class CostReport:
    by: By
    span: Span
    rows: list[CostRow]
    total: Sums


def cost_report(user: User, shop: Shop, span: Span, *, by: By, now: datetime) -> CostReport:
    """Three queries, and one for the names of causes or teams. The total is the sum of the rows."""
    sums = sums_by(failures(user, shop, span), by, now=now)
    names = names_of(by, list(sums))
    rows = [CostRow(key, names[key], part) for key, part in sums.items()]
    rows.sort(key=lambda row: (-row.sums.of(shop.currency).cost, -row.sums.incidents, row.name.casefold()))
    return CostReport(by, span, rows, sum(sums.values(), Sums()))


def names_of(by: By, keys: list[Any]) -> dict[Any, str]:
    """What each key is called on the screen."""
    known = [key for key in keys if key not in (None, "")]
    return (
        {key: NOTHING_KNOWN.get(by, "") for key in keys}
        | dict.fromkeys(known, GONE)
        | _known_names(by, known)
    )


def _known_names(by: By, keys: list[Any]) -> dict[Any, str]:
    if by == By.KIND:
        return {key: label for key, label in IncidentKind.choices if key in keys}
    if by in MODELS:
        return dict(MODELS[by].objects.filter(pk__in=keys).values_list("pk", "name"))
    return {key: key for key in keys}

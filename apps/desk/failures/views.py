"""What failure cost, and what the apologies for it bought: the report and its file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import is_manager, role_required
from apps.apologies.budget_forecast import forecasts
from apps.apologies.failure_cost import (
    AGAIN_DAYS,
    By,
    CostReport,
    CostRow,
    Money,
    Sums,
    cost_report,
    sees_one_team,
)
from apps.core.csv_export import csv_response
from apps.core.http import Request

from .asked import Asked, asked
from .bars import bars_of, picture
from .columns import HEADS, heads, in_order, known_sort
from .headline import currencies, figures, headline
from .meters import meter_of

TABS = {
    By.CAUSE: "By cause",
    By.KIND: "By what went wrong",
    By.PRODUCT: "By product",
    By.CARRIER: "By carrier",
    By.TEAM: "By team",
}
CSV_HEADER = [
    *("incidents", "care seconds", "reached the customer", "reached in time", "answered"),
    *("ordered again", "of whom we know", "coupons given", "coupons redeemed"),
    *("currency", "given", "cost to us", "redeemed", "open", "expired"),
]


@dataclass(frozen=True)
class Line:
    """One line of the table, its money in the shop's currency; `others` are the sums in others."""

    name: str
    sums: Sums
    money: Money
    others: list[tuple[str, Money]]
    url: str


@require_safe
@role_required(Role.MANAGER, Role.MARKETER)
def failures(request: Request) -> HttpResponse:
    now, shop = timezone.now(), Shop.current()
    choice = asked(request.GET, shop, now)
    report = cost_report(request.user, shop, choice.span, by=choice.by, now=now)
    sort = known_sort(request.GET.get("sort", ""))
    rows = in_order(report.rows, sort, shop.currency)
    today = shop.day_of(now)
    running = forecasts(request.user, first=choice.period.first, last=choice.period.last, today=today)
    context = {
        "asked": choice,
        "form": choice.form,
        "period": choice.period,
        "head": HEADS[choice.by].lower(),
        "headline": headline(report.total, shop.currency),
        "figures": figures(report.total, shop.currency),
        "picture": _picture(choice, report, shop.currency),
        "heads": heads(choice, sort),
        "lines": [_line(choice, row.name, row.sums, shop.currency, _url(choice, row)) for row in rows],
        "total": _line(choice, "All", report.total, shop.currency, f"{_address()}?{choice.query()}"),
        "tabs": _tabs(choice),
        "csv_query": choice.query(),
        "currency": shop.currency,
        "own_team": request.user.team if sees_one_team(request.user) else None,
        "meters": [meter_of(each) for each in running],
        "sees_budgets": is_manager(request.user),
        "again_days": AGAIN_DAYS,
    }
    return render(request, "desk/failures.html", context)


def _picture(choice: Asked, report: CostReport, currency: str) -> SafeString:
    bars = bars_of([(row, _url(choice, row)) for row in report.rows], currency)
    return picture(bars, f"{headline(report.total, currency)}: by {HEADS[choice.by].lower()}")


def _line(choice: Asked, name: str, sums: Sums, currency: str, url: str) -> Line:
    others = [(each, sums.of(each)) for each in currencies(sums, currency)[1:]]
    return Line(name, sums, sums.of(currency), others, url)


def _url(choice: Asked, row: CostRow) -> str:
    """The address of the failures behind a line."""
    value = "" if row.key is None else str(row.key)
    return f"{_address()}?{choice.query(value=value)}"


def _address() -> str:
    return reverse("desk:failure_rows")


def _tabs(choice: Asked) -> list[dict[str, object]]:
    return [
        {"name": name, "url": f"?{choice.period.query(by=by.value)}", "current": by == choice.by}
        for by, name in TABS.items()
    ]


@require_safe
@role_required(Role.MANAGER, Role.MARKETER)
def failures_csv(request: Request) -> StreamingHttpResponse:
    """The table as a file: a line for each currency, the counts on the first of them."""
    now, shop = timezone.now(), Shop.current()
    choice = asked(request.GET, shop, now)
    report = cost_report(request.user, shop, choice.span, by=choice.by, now=now)
    rows = (line for row in report.rows for line in _cells(row, shop.currency))
    name = f"failures-by-{choice.by}-{choice.file_days}.csv"
    return csv_response(name, [choice.by.value, *CSV_HEADER], rows)


def _cells(row: CostRow, currency: str) -> Iterator[list[object]]:
    sums = row.sums
    counts: list[object] = [sums.incidents, sums.seconds, sums.delivered, sums.in_time, sums.answered]
    counts += [sums.again, sums.again_known, sums.coupons, sums.coupons_redeemed]
    for each in currencies(sums, currency):
        money = sums.of(each)
        amounts = [money.given, money.cost, money.redeemed, money.open, money.expired]
        yield [row.name, *counts, each, *(f"{amount:.2f}" for amount in amounts)]
        counts = [""] * len(counts)

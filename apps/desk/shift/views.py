"""The shift board: how much of the care time the team started itself, against the plan."""

from datetime import datetime

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import Shop
from apps.accounts.permissions import is_manager, is_marketer
from apps.core.csv_export import csv_response
from apps.core.http import Request
from apps.effort.report import By, Report, Row, shift_report

from .board import board_of, entries_url
from .drawn import figure_tiles
from .figures import counts_for, figures
from .headline import headline
from .periods import Period, PeriodForm

TABS = {By.WEEK: "By week", By.MONTH: "By month", By.TEAM: "By team", By.PLAY: "By play"}
CSV_HEADER = [
    "from",
    "to",
    "proactive seconds",
    "reactive seconds",
    "internal seconds",
    "not measured seconds",
    "share",
    "target",
]


@require_safe
def shift(request: Request) -> HttpResponse:
    now, shop = timezone.now(), Shop.current()
    form = PeriodForm(request.GET)
    period, report = _asked(form, shop, now)
    today = shop.day_of(now)
    counts = counts_for(shop, period.first, period.last, now=now)
    contacts_url = f"{entries_url(report.total, By.WEEK)}&origin=reactive"
    context = {
        "period": period,
        "form": form,
        "board": board_of(report, today),
        "headline": headline(report, today),
        "figures": figure_tiles(tuple(figures(report, counts, contacts_url))),
        "counted_at": counts.at,
        "unmatched": counts.unmatched,
        "csv_query": period.query(by=report.by.value),
        "tabs": _tabs(period, report.by),
        "may_plan": is_marketer(request.user) or is_manager(request.user),
        "may_match": is_manager(request.user),
    }
    return render(request, "desk/shift.html", context)


def _asked(form: PeriodForm, shop: Shop, now: datetime) -> tuple[Period, Report]:
    period = form.chosen(shop.day_of(now))
    return period, shift_report(shop, first=period.first, last=period.last, by=form.by_chosen(), now=now)


def _tabs(period: Period, current: By) -> list[dict[str, object]]:
    return [
        {"name": name, "url": f"?{period.query(by=by.value)}#table", "current": by == current}
        for by, name in TABS.items()
    ]


@require_safe
def shift_csv(request: Request) -> StreamingHttpResponse:
    """The table of the board, as a file."""
    period, report = _asked(PeriodForm(request.GET), Shop.current(), timezone.now())
    name = f"proactive-share-by-{report.by}-{period.first}-to-{period.last}.csv"
    rows = ([row.name, *_cells(row)] for row in report.rows)
    return csv_response(name, [report.by.value, *CSV_HEADER], rows)


def _cells(row: Row) -> list[object]:
    time = row.time
    share = None if time.share is None else round(time.share, 6)
    days = [row.first.isoformat(), row.last.isoformat()]
    return [*days, time.proactive, time.reactive, time.internal, row.unmeasured, share, row.target]

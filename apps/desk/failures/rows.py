"""The failures behind a line of the report, newest first, a page at a time, and as a file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import Role, Shop, User
from apps.accounts.permissions import role_required
from apps.apologies.failure_cost import (
    FailureRow,
    UnknownKey,
    cost_rows,
    failures_with,
    names_of,
    newest_first,
    read_key,
)
from apps.apologies.failure_cost import failures as failures_of
from apps.apologies.querysets import IncidentQuerySet
from apps.core.csv_export import csv_response
from apps.core.http import Request

from .asked import Asked, asked
from .columns import HEADS

PER_PAGE = 50
AT_ONCE = 500  # rows of the file that are read together
CSV_HEADER = [
    *("incident", "known at", "customer", "order", "product", "carrier", "what went wrong", "severity"),
    *(
        "cause",
        "team",
        "state",
        "offer",
        "answered",
        "given",
        "face value",
        "cost to us",
        "currency",
        "care seconds",
    ),
]


class BeforeForm(forms.Form):
    """The last row of the page before."""

    before_at = forms.DateTimeField(required=False)
    before_id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


@require_safe
@role_required(Role.MANAGER, Role.MARKETER)
def failure_rows(request: Request) -> HttpResponse:
    now, shop = timezone.now(), Shop.current()
    choice = asked(request.GET, shop, now)
    found = _found(request.user, shop, choice)
    rows, older = _page(found, request)
    context = {
        "asked": choice,
        "period": choice.period,
        "rows": rows,
        "number": found.count(),
        "name": _name(choice),
        "head": HEADS[choice.by],
        "older_url": _older_url(choice, rows[-1]) if older else "",
        "csv_query": choice.query(value=choice.value),
        "back_query": choice.query(),
    }
    return render(request, "desk/failure_rows.html", context)


def _found(user: User, shop: Shop, choice: Asked) -> IncidentQuerySet:
    found = failures_of(user, shop, choice.span)
    return found if choice.value is None else failures_with(found, choice.by, choice.value)


def _page(found: IncidentQuerySet, request: Request) -> tuple[list[FailureRow], bool]:
    """The newest before the last one seen: no page costs more than the first."""
    before = BeforeForm(request.GET)
    facts: dict[str, Any] = before.cleaned_data if before.is_valid() else {}
    at, pk = facts.get("before_at"), facts.get("before_id")
    if at and pk:
        found = found.filter(Q(detected_at__lt=at) | Q(detected_at=at, pk__lt=pk))
    rows = list(cost_rows(newest_first(found)[: PER_PAGE + 1]))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def _older_url(choice: Asked, row: FailureRow) -> str:
    before: datetime = row.incident.detected_at
    query = choice.query(value=choice.value, before_at=before.isoformat(), before_id=row.incident.pk)
    return f"?{query}"


def _name(choice: Asked) -> str:
    """What the line is called; empty for all of them."""
    if choice.value is None:
        return ""
    try:
        key = read_key(choice.by, choice.value)
    except UnknownKey:
        return choice.value
    return names_of(choice.by, [key])[key]


@require_safe
@role_required(Role.MANAGER, Role.MARKETER)
def failure_rows_csv(request: Request) -> StreamingHttpResponse:
    now, shop = timezone.now(), Shop.current()
    choice = asked(request.GET, shop, now)
    found = newest_first(_found(request.user, shop, choice)).iterator(chunk_size=AT_ONCE)
    lines = (line for row in cost_rows(found) for line in _cells(row, shop))
    return csv_response(f"failures-{choice.file_days}.csv", CSV_HEADER, lines)


def _cells(row: FailureRow, shop: Shop) -> Iterator[list[object]]:
    """One line for each thing that was given, with what the failure is; the time on the first of them."""
    incident, offer = row.incident, row.offer
    order, cause = incident.order, incident.cause
    facts: list[object] = [
        incident.pk,
        incident.detected_at.astimezone(shop.zone).isoformat(timespec="minutes"),
        incident.customer.display_name,
        order.external_id if order else "",
        order.items if order else "",
        (order.carrier if order else "") or (cause.carrier if cause else ""),
        incident.get_kind_display(),
        incident.get_severity_display(),
        cause.name if cause else "",
        row.team_name,
        incident.get_status_display(),
        offer.get_status_display() if offer else "",
        "yes" if row.answered else "",
    ]
    if not row.given:
        yield [*facts, "", "", "", "", row.seconds]
    for n, each in enumerate(row.given):
        given = [each.get_kind_display(), f"{each.amount:.2f}", f"{each.cost:.2f}", each.currency]
        yield [*facts, *given, "" if n else row.seconds]

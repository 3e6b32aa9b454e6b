"""Open incidents that look as if one cause made them, and what is suggested for a whole cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, When
from django.db.models.fields import DateField

from apps.accounts.models import Shop

from .detection import KNOWN_DAYS
from .models import (
    Cause,
    Incident,
    IncidentKind,
    IncidentStatus,
)
from .models.incident import EFFORTS, RESPONSIBILITIES, SEVERITIES
from .remedies import Band, RemedyFacts, band_for

FEWEST = 5
SHOWN = 20


@dataclass(frozen=True)
class Group:
    """A suggestion: so many open incidents of one kind with one carrier, or promised for one day."""

    kind: str
    carrier: str
    promised_on: date | None
    count: int
    worth: Decimal
    first: date
    last: date
    since: date  # what is older owes no apology any more

    @property
    def name(self) -> str:
        """What a cause made of it is called until somebody finds the true one."""
        what = IncidentKind(self.kind).label
        if self.carrier:
            return f"{what} with {self.carrier}"
        day = self.promised_on
        return f"{what}, promised for {day.day} {day:%b %Y}" if day else what

    @property
    def incidents(self) -> QuerySet[Incident]:
        return _grouped(self.kind, self.carrier, self.promised_on, self.since)


def suggest_causes(*, now: datetime) -> list[Group]:
    """The largest groups of incidents that are young enough to owe an apology: one grouped query."""
    since = _since(now)
    by_day = Case(When(order__carrier="", then=F("order__promised_on")), output_field=DateField())
    rows = (
        _without_cause()
        .filter(known_on__gte=since)
        .values("kind", "order__carrier", day=by_day)
        .annotate(count=Count("pk"), worth=Sum("order__total"), first=Min("known_on"), last=Max("known_on"))
        .filter(count__gte=FEWEST)
        .order_by("-count", "kind")
    )
    return [_group(row, since) for row in rows[:SHOWN]]


def grouped_incidents(
    kind: str, carrier: str, promised_on: date | None, *, now: datetime
) -> QuerySet[Incident]:
    """The incidents of a suggestion: those that it counts."""
    return _grouped(kind, carrier, promised_on, _since(now))


def _since(now: datetime) -> date:
    return Shop.current().day_of(now) - timedelta(days=KNOWN_DAYS)


def _grouped(kind: str, carrier: str, promised_on: date | None, since: date) -> QuerySet[Incident]:
    same = _without_cause().filter(known_on__gte=since, kind=kind, order__carrier=carrier)
    return same if carrier else same.filter(order__promised_on=promised_on)


def band_of_cause(cause: Cause, currency: str) -> Band | None:
    """From its gravest incident and its middle order; None while it has no incident."""
    rows = list(cause.incidents.values_list("severity", "responsibility", "customer_effort", "order__total"))
    if not rows:
        return None
    severities, responsibilities, efforts, totals = zip(*rows, strict=True)
    known = [total for total in totals if total]
    facts = RemedyFacts(
        severity=max(severities, key=SEVERITIES.index),
        order_total=Decimal(median(known)).quantize(Decimal("0.01")) if known else None,
        currency=currency,
        responsibility=max(responsibilities, key=RESPONSIBILITIES.index),
        effort=max(efforts, key=EFFORTS.index),
    )
    return band_for(facts)


def _without_cause() -> QuerySet[Incident]:
    known = Q(order__promised_on__isnull=False) | ~Q(order__carrier="")
    return Incident.objects.filter(known, status=IncidentStatus.OPEN, cause=None, order__isnull=False)


def _group(row: Mapping[str, object], since: date) -> Group:
    return Group(
        kind=str(row["kind"]),
        carrier=str(row["order__carrier"]),
        promised_on=row["day"],  # type: ignore[arg-type]
        count=row["count"],  # type: ignore[arg-type]
        worth=row["worth"] or Decimal(0),  # type: ignore[arg-type]
        first=row["first"],  # type: ignore[arg-type]
        last=row["last"],  # type: ignore[arg-type]
        since=since,
    )

"""The entries behind a number of the board, newest first, a page at a time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import Shop, Team, User
from apps.core.http import Request
from apps.effort.models import DailyEffort, Origin, Source, TimeEntry
from apps.effort.querysets import SEES_ALL, TimeEntryQuerySet
from apps.effort.services import CHANNELS

from .board import PLAY_NAMES
from .periods import last_weeks

PER_PAGE = 50
LARGEST = 2**63 - 1  # that a key can be


class EntriesForm(forms.Form):
    """Which entries, from the address. What cannot be read is left out."""

    first = forms.DateField(required=False)
    last = forms.DateField(required=False)
    origin = forms.ChoiceField(choices=Origin.choices, required=False)
    team = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    play = forms.CharField(required=False, max_length=20)
    user = forms.IntegerField(required=False, min_value=1)
    agent = forms.CharField(required=False, max_length=160)
    before_day = forms.DateField(required=False)
    before_id = forms.IntegerField(required=False, min_value=1)

    def add_prefix(self, field_name: str) -> str:
        return {"first": "from", "last": "to"}.get(field_name, field_name)


@dataclass(frozen=True)
class Wanted:
    first: date
    last: date
    facts: dict[str, Any]

    def filter(self, entries: TimeEntryQuerySet) -> TimeEntryQuerySet:
        found = entries.between(self.first, self.last)
        for name in ("origin", "user", "agent"):
            if self.facts.get(name):
                found = found.filter(**{name: self.facts[name]})
        if self.facts.get("play"):
            found = found.filter(play=_play(self.facts["play"]))
        if self.facts.get("team") is not None:
            found = found.filter(team=self.facts["team"] or None)
        return found

    @property
    def is_of_the_rollup(self) -> bool:
        return not (self.facts.get("user") or self.facts.get("agent"))

    def sums(self) -> tuple[int, int]:
        """Entries and seconds, from the daily sums."""
        daily = DailyEffort.objects.filter(day__range=(self.first, self.last))
        if self.facts.get("origin"):
            daily = daily.filter(origin=self.facts["origin"])
        if self.facts.get("play"):
            daily = daily.filter(play=_play(self.facts["play"]))
        if self.facts.get("team") is not None:
            daily = daily.filter(team_key=self.facts["team"])
        found = daily.aggregate(number=Sum("entries", default=0), total=Sum("seconds", default=0))
        return found["number"], found["total"]


def _play(asked: str) -> str:
    return "" if asked == "none" else asked


@require_safe
def entries(request: Request) -> HttpResponse:
    now, shop = timezone.now(), Shop.current()
    form = EntriesForm(request.GET)
    form.is_valid()
    wanted = _wanted(form.cleaned_data, shop.day_of(now))
    rows, older = _page(wanted.filter(TimeEntry.objects.visible_to(request.user)), form.cleaned_data)
    sees_all = request.user.role in SEES_ALL
    number, total = wanted.sums() if sees_all and wanted.is_of_the_rollup else (None, None)
    context = {
        "wanted": wanted,
        "rows": [_shown(row) for row in rows],
        "number": number,
        "total": total,
        "title": _title(wanted, request.user),
        "older_url": _older_url(request, rows[-1]) if older else "",
        "is_first": not form.cleaned_data.get("before_id"),
        "own_only": not sees_all,
    }
    return render(request, "desk/entries.html", context)


def _wanted(facts: dict[str, Any], today: date) -> Wanted:
    usual = last_weeks(today)
    first, last = facts.get("first") or usual.first, facts.get("last") or usual.last
    return Wanted(min(first, last), max(first, last), facts)


def _page(found: TimeEntryQuerySet, facts: dict[str, Any]) -> tuple[list[TimeEntry], bool]:
    """The newest entries before the last one seen: no page costs more than the first."""
    day, pk = facts.get("before_day"), facts.get("before_id")
    if day and pk:
        found = found.filter(Q(day__lt=day) | Q(day=day, pk__lt=pk))
    rows = list(found.select_related("user", "team", "customer").order_by("-day", "-pk")[: PER_PAGE + 1])
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def _older_url(request: Request, row: TimeEntry) -> str:
    query = request.GET.copy()
    query["before_day"], query["before_id"] = row.day.isoformat(), str(row.pk)
    return f"?{query.urlencode()}"


@dataclass(frozen=True)
class Shown:
    """An entry in words."""

    row: TimeEntry
    who: str
    what: str
    source: str


def _shown(row: TimeEntry) -> Shown:
    unmatched = f"{row.agent} (unmatched)" if row.agent else "Nobody known"
    return Shown(
        row=row,
        who=row.user.name if row.user else unmatched,
        what=PLAY_NAMES.get(row.play, row.play) if row.play else _contact(row),
        source=dict(Source.choices).get(row.source, row.source),
    )


def _contact(row: TimeEntry) -> str:
    words = f"Contact {CHANNELS.get(row.channel, row.channel)}".strip()
    return row.get_origin_display() if row.origin != Origin.REACTIVE else words


def _title(wanted: Wanted, user: User) -> str:
    """ "Reactive time of Berlin, 2 Mar to 8 Mar 2026"."""
    facts = wanted.facts
    origin = f"{Origin(facts['origin']).label} time" if facts.get("origin") else "Care time"
    parts = [origin]
    if facts.get("team"):
        parts.append(
            f"of {Team.objects.filter(pk=facts['team']).values_list('name', flat=True).first() or '?'}"
        )
    if facts.get("team") == 0:
        parts.append("of people without a team")
    if facts.get("play"):
        parts.append(f"for {PLAY_NAMES.get(_play(facts['play']), facts['play'])}")
    return f"{' '.join(parts)}, {_days(wanted.first, wanted.last)}"


def _days(first: date, last: date) -> str:
    if last - first < timedelta(days=1):
        return f"{first.day} {first:%b %Y}"
    start = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b %Y}"
    return f"{start} to {last.day} {last:%b %Y}"

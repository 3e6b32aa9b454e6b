"""Words that were saved although there was something to say about them: for managers, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.models import Role, User
from apps.accounts.permissions import role_required
from apps.core.csv_export import csv_response
from apps.core.http import Request
from apps.writing.models import Reason, Verdict
from apps.writing.querysets import VerdictQuerySet
from apps.writing.subjects import SUBJECTS, Link

from .tabs import tabs

PER_PAGE = 50
BATCH = 500
CSV_HEADER = ["at", "writer", "words", "kind", "rule", "why", "about", "box"]
LARGEST = 2**63 - 1  # that a key can be
LEFT = "left"
REASONS = [*Reason.choices, (LEFT, "Left as it was")]
BOXES = {
    "words": "Letter or reply",
    "notes": "Call notes",
    "note": "Note on the customer",
    "detail": "Problem found",
    "opening_line": "Opening line",
    "talk_points": "Talk points",
    "subject": "Subject of a mail",
    "body": "Mail",
}


class KeptForm(forms.Form):
    """Which words, from the address. What cannot be read is left out."""

    rule = forms.CharField(required=False, max_length=80)
    writer = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    reason = forms.ChoiceField(choices=REASONS, required=False)
    before_at = forms.DateTimeField(required=False)
    before_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def clean_before_at(self) -> datetime | None:
        """In UTC, which the first and the last moments of the calendar leave."""
        at: datetime | None = self.cleaned_data["before_at"]
        try:
            return at.astimezone(UTC) if at else None
        except OverflowError:
            return None


@dataclass(frozen=True)
class Row:
    verdict: Verdict
    about: Link | None
    box: str


@require_safe
@role_required(Role.MANAGER)
def kept_words(request: Request) -> HttpResponse:
    facts = _facts(request)
    seen = Verdict.objects.visible_to(request.user).ignored()
    every = Verdict.objects.ignored()  # the names to choose from are nobody's secret
    found = _page(_wanted(seen, facts), facts)
    rows = list(_rows(found[:PER_PAGE]))
    context = {
        "tabs": tabs(request.user, "desk:kept_words"),
        "rows": rows,
        "facts": facts,
        "rules": list(every.values_list("rule", flat=True).order_by("rule").distinct()),
        "writers": User.objects.filter(pk__in=every.values("by")).order_by("name"),
        "reasons": REASONS,
        "is_filtered": any(facts.get(name) for name in ("rule", "writer", "reason")),
        "older_url": _older_url(request, rows[-1].verdict) if len(found) > PER_PAGE else "",
        "csv_query": _query(request),
    }
    return render(request, "desk/kept_words.html", context)


@require_safe
@role_required(Role.MANAGER)
def kept_csv(request: Request) -> StreamingHttpResponse:
    """All that the list would show, page after page."""
    seen = Verdict.objects.visible_to(request.user).ignored()
    found = _wanted(seen, _facts(request)).select_related("by").order_by("-at", "-pk")
    return csv_response("kept-words.csv", CSV_HEADER, _cells(found))


def _facts(request: Request) -> dict[str, Any]:
    form = KeptForm(request.GET)
    form.is_valid()
    return form.cleaned_data


def _wanted(seen: VerdictQuerySet, facts: dict[str, Any]) -> VerdictQuerySet:
    if facts.get("rule"):
        seen = seen.filter(rule=facts["rule"])
    if facts.get("writer"):
        seen = seen.filter(by=facts["writer"])
    reason = facts.get("reason")
    if reason:
        seen = seen.filter(choice=LEFT) if reason == LEFT else seen.filter(reason=reason)
    return seen


def _page(found: VerdictQuerySet, facts: dict[str, Any]) -> list[Verdict]:
    """The newest before the last one seen, and one more: no page costs more than the first."""
    at, pk = facts.get("before_at"), facts.get("before_id")
    if isinstance(at, datetime) and pk:
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return list(found.select_related("by").order_by("-at", "-pk")[: PER_PAGE + 1])


def _rows(verdicts: list[Verdict]) -> Iterator[Row]:
    """With their links: one query for each kind of subject."""
    links = {
        label: SUBJECTS[label].links({one.subject_id for one in verdicts if one.subject == label})
        for label in {one.subject for one in verdicts}
    }
    for one in verdicts:
        yield Row(one, links[one.subject].get(one.subject_id), BOXES.get(one.place, one.place))


def _cells(found: VerdictQuerySet) -> Iterator[list[object]]:
    stream = found.iterator(BATCH)
    while batch := list(islice(stream, BATCH)):
        for row in _rows(batch):
            one = row.verdict
            about = row.about.name if row.about else ""
            by = str(one.by or "")
            yield [one.at.isoformat(), by, one.words, one.category_name, one.rule, one.why, about, row.box]


def _query(request: Request) -> str:
    query = request.GET.copy()
    for name in ("before_at", "before_id"):
        query.pop(name, None)
    return query.urlencode()


def _older_url(request: Request, row: Verdict) -> str:
    query = request.GET.copy()
    query["before_at"], query["before_id"] = row.at.isoformat(), str(row.pk)
    return f"?{query.urlencode()}"

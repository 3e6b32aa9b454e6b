"""Which days the board shows: the last 14 weeks, this year, or days of one's own."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms

from apps.effort.report import By, check_period, week_of

WEEKS = "14w"
YEAR = "year"
OWN = "own"
CHOICES = [(WEEKS, "The last 14 weeks"), (YEAR, "This year"), (OWN, "Other days")]


@dataclass(frozen=True)
class Period:
    kind: str
    first: date
    last: date

    @property
    def label(self) -> str:
        """ "Aug to Nov 2026", "3 Nov to 9 Nov 2026"."""
        first, last = self.first, self.last
        if self.kind == OWN and (last - first).days < 60:
            return f"{first.day} {first:%b} to {last.day} {last:%b %Y}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{last:%b %Y}"
        year = "" if first.year == last.year else f" {first.year}"
        return f"{first:%b}{year} to {last:%b %Y}"

    def query(self, **more: object) -> str:
        """The address' question part that shows these days again."""
        facts: dict[str, object] = {"period": self.kind}
        if self.kind == OWN:
            facts |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return urlencode({**facts, **{name: value for name, value in more.items() if value is not None}})


class PeriodForm(forms.Form):
    """From the address, so that a board can be linked to. Anything unreadable falls back to 14 weeks."""

    period = forms.ChoiceField(choices=CHOICES, required=False, widget=forms.RadioSelect, label="Show")
    first = forms.DateField(
        required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        required=False,
        label="To, included",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    by = forms.ChoiceField(choices=[(by.value, by.name) for by in By], required=False)

    def add_prefix(self, field_name: str) -> str:
        return {"first": "from", "last": "to"}.get(field_name, field_name)

    def clean(self) -> dict[str, object]:
        facts = super().clean() or {}
        first, last = facts.get("first"), facts.get("last")
        if facts.get("period") == OWN and not (first and last):
            raise forms.ValidationError("Set both days, or choose one of the other periods.")
        if first and last:
            try:
                check_period(first, last)
            except ValueError as problem:
                raise forms.ValidationError(str(problem)) from problem
        return facts

    def chosen(self, today: date) -> Period:
        """The period asked for; the last 14 weeks where the days cannot be read."""
        facts = self.cleaned_data if self.is_valid() else {}
        if facts.get("period") == OWN:
            return Period(OWN, facts["first"], facts["last"])
        if facts.get("period") == YEAR:
            return Period(YEAR, today.replace(month=1, day=1), today)
        return last_weeks(today)

    def by_chosen(self) -> By:
        self.is_valid()
        return By(self.cleaned_data.get("by") or By.WEEK)


def last_weeks(today: date) -> Period:
    """Thirteen whole weeks and the one that runs."""
    return Period(WEEKS, week_of(today) - timedelta(weeks=13), today)

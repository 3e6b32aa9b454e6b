"""What an address asks of the report: which days, by what, in which order, which line."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import QueryDict

from apps.accounts.models import Shop
from apps.apologies.failure_cost import By, Span
from apps.desk.shift.periods import Period, PeriodForm


class FailuresForm(PeriodForm):
    """Anything unreadable falls back to what is usual."""

    by = forms.ChoiceField(choices=[(by.value, by.name) for by in By], required=False)
    value = forms.CharField(required=False, strip=False, max_length=120)


@dataclass(frozen=True)
class Asked:
    """`value` is the key of one line; None is all of them."""

    form: FailuresForm
    period: Period
    by: By
    value: str | None

    @property
    def span(self) -> Span:
        return Span(self.period.first, self.period.last)

    @property
    def file_days(self) -> str:
        return f"{self.period.first}-to-{self.period.last}"

    def query(self, **more: object) -> str:
        return self.period.query(**{"by": self.by.value, **more})


def asked(get: QueryDict, shop: Shop, now: datetime) -> Asked:
    form = FailuresForm(get)
    period = form.chosen(shop.day_of(now))
    facts = form.cleaned_data
    value = facts.get("value", "") if "value" in get else None
    return Asked(form, period, By(facts.get("by") or By.CAUSE), value)

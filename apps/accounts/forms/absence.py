from typing import Any

from django import forms

from ..services.absences import BACKWARD

DAY = {"type": "date"}


class AbsenceForm(forms.Form):
    """Days away, both included. Without a last day it is the one day."""

    first_day = forms.DateField(label="First day away", widget=forms.DateInput(attrs=DAY))
    last_day = forms.DateField(
        label="Last day away",
        required=False,
        widget=forms.DateInput(attrs=DAY),
        help_text="Empty is one day.",
    )
    note = forms.CharField(
        label="Note", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        days = super().clean() or {}
        first, last = days.get("first_day"), days.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", BACKWARD)
        elif first and "last_day" in days:
            days["last_day"] = last or first
        return days

from decimal import Decimal
from typing import Any

from django import forms

from apps.apologies.models import CompensationKind, IncidentKind
from apps.apologies.services.causes import NAME_NEEDED


class NameForm(forms.Form):
    name = forms.CharField(
        label="What made us fail?",
        max_length=120,
        error_messages={"required": NAME_NEEDED},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class GroupForm(NameForm):
    """A suggestion as the list showed it, with the name that it gets."""

    kind = forms.ChoiceField(choices=IncidentKind.choices)
    carrier = forms.CharField(required=False, max_length=60)
    promised_on = forms.DateField(required=False)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not facts.get("carrier") and not facts.get("promised_on"):
            raise forms.ValidationError("Load the list again: this group is no longer there.")
        return facts


class DecisionForm(forms.Form):
    remedy = forms.ChoiceField(
        label="What each of them is given", choices=CompensationKind.choices, widget=forms.RadioSelect
    )
    amount = forms.DecimalField(
        label="Amount",
        max_digits=10,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    departure = forms.CharField(
        label="Why more or less than is suggested",
        required=False,
        max_length=200,
        help_text="Only asked for outside of what is suggested.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ShownForm(forms.Form):
    """How many apologies the button named, and what they come to."""

    count = forms.IntegerField(min_value=1)
    amount = forms.DecimalField(max_digits=14, decimal_places=2)

    def clean(self) -> dict[str, Any]:
        if self.errors:
            self.errors.clear()
            raise forms.ValidationError("Load the list again, then approve what it shows.")
        return super().clean() or {}


class ImprovementForm(forms.Form):
    title = forms.CharField(
        label="What changes",
        max_length=160,
        help_text="As the letter says it: “Two people now check each label”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    done_on = forms.DateField(
        label="From which day on",
        help_text="A day that is still to come is promised with its date.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

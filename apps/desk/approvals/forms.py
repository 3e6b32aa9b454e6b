from decimal import Decimal
from typing import Any

from django import forms

from apps.apologies.models import CompensationKind, Offer
from apps.apologies.services.decisions import NOTE_NEEDED, REASON_NEEDED
from apps.apologies.services.editing import WORDS_NEEDED
from apps.writing.widgets import CheckedTextarea

REASONS = [
    ("Amount does not fit", "Amount does not fit"),
    ("Words need work", "Words need work"),
    ("Facts are missing", "Facts are missing"),
]
CASE_REASON_NEEDED = "Say why: the reason stays with the problem."


class VersionForm(forms.Form):
    """The offer as the page showed it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(VersionForm):
    chip = forms.ChoiceField(
        label="What does not fit?", choices=REASONS, required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="What to change",
        required=False,
        max_length=280,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        said = [facts.get("chip") or "", (facts.get("reason") or "").strip()]
        facts["reason"] = ": ".join(filter(None, said))
        if not facts["reason"]:
            self.add_error("reason", REASON_NEEDED)
        return facts


class DeclineForm(VersionForm):
    note = forms.CharField(
        label="Why is nothing owed?",
        max_length=280,
        error_messages={"required": NOTE_NEEDED},
        help_text="The incident is resolved with this note, and nobody calls.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseForm(forms.Form):
    """Why a problem is closed, or open after all."""

    reason = forms.CharField(max_length=200, error_messages={"required": CASE_REASON_NEEDED})


class AnswerForm(forms.Form):
    """What a customer said to our apology."""

    text = forms.CharField(
        label="What did they say?",
        max_length=2000,
        error_messages={"required": "Write down what they said: the next call begins with it."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OfferForm(VersionForm):
    words = forms.CharField(
        label="The letter",
        error_messages={"required": WORDS_NEEDED},
        widget=CheckedTextarea(channel="letter", play="apology", attrs={"rows": 14}),
    )
    compensation = forms.ChoiceField(
        label="What we give", choices=CompensationKind.choices, widget=forms.RadioSelect
    )
    amount = forms.DecimalField(
        label="Amount",
        max_digits=10,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    @classmethod
    def of(cls, offer: Offer) -> "OfferForm":
        facts = {name: getattr(offer, name) for name in ("words", "compensation", "amount", "version")}
        form = cls(initial=facts)
        form.fields[
            "amount"
        ].help_text = f"In {offer.currency}. A letter that names the old amount names the new one."
        return form

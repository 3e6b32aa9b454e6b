from decimal import Decimal
from typing import Any, cast

from django import forms

from apps.apologies.models import Compensation, IncidentKind, Offer, Severity
from apps.apologies.services.decisions import NOTE_NEEDED, REASON_NEEDED, WORDS_NEEDED
from apps.customers.models import Customer, Order

REASONS = [
    ("Amount does not fit", "Amount does not fit"),
    ("Words need work", "Words need work"),
    ("Facts are missing", "Facts are missing"),
]
ORDERS_SHOWN = 25
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


class OfferForm(VersionForm):
    words = forms.CharField(
        label="The letter",
        error_messages={"required": WORDS_NEEDED},
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    compensation = forms.ChoiceField(
        label="What we give", choices=Compensation.choices, widget=forms.RadioSelect
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


class OrderField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Order) -> str:
        items = f", {obj.items[:50]}" if obj.items else ""
        return f"{obj.external_id[:14]}, {obj.placed_at.day} {obj.placed_at:%b %Y}{items}"


class ProblemForm(forms.Form):
    """A problem that somebody saw or heard of."""

    kind = forms.ChoiceField(
        label="What went wrong?",
        choices=IncidentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what went wrong: it decides what the letter says."},
    )
    severity = forms.ChoiceField(
        label="How bad is it for them?",
        choices=Severity.choices,
        widget=forms.RadioSelect,
        initial=Severity.MODERATE,
    )
    order = OrderField(
        label="Which order?", queryset=Order.objects.none(), required=False, empty_label="No order"
    )
    detail = forms.CharField(
        label="What happened, in their words",
        required=False,
        help_text="Whoever rings them reads this first.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recent = customer.orders.order_by("-placed_at").values_list("pk", flat=True)[:ORDERS_SHOWN]
        found = Order.objects.filter(pk__in=list(recent)).order_by("-placed_at")
        cast(OrderField, self.fields["order"]).queryset = found

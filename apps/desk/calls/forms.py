from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from apps.apologies.models import IncidentKind, Severity
from apps.customers.models import Customer, Order
from apps.worklist.models import Outcome

UNREADABLE_TIME = "Write the moment as day and time, such as 5 March, 15:00."


class OutcomeForm(forms.Form):
    """How a call ended. A quick call back choice is the outcome and its moment in one press."""

    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
    notes = forms.CharField(required=False, max_length=20_000)
    gesture = forms.CharField(required=False, max_length=200)
    gesture_own = forms.CharField(required=False, max_length=200)
    call_back = forms.CharField(required=False)
    call_back_local = forms.CharField(required=False)
    keep_feedback = forms.BooleanField(required=False)
    score = forms.IntegerField(required=False, min_value=1, max_value=5)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_call_back(self) -> datetime | None:
        words = self.cleaned_data["call_back"]
        return _moment(words) if words else None

    def clean_call_back_local(self) -> datetime | None:
        """The customer's wall clock."""
        words = self.cleaned_data["call_back_local"]
        return _moment(words).replace(tzinfo=self.zone) if words else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        quick = data.get("call_back")
        outcome = Outcome.CALL_BACK if quick else data.get("outcome")
        if not outcome:
            raise forms.ValidationError("Say how the call ended.")
        moment = quick or data.get("call_back_local")
        return {**data, "outcome": outcome, "call_back_at": moment if outcome == Outcome.CALL_BACK else None}

    @property
    def chosen_gesture(self) -> str:
        return str(self.cleaned_data.get("gesture_own") or self.cleaned_data.get("gesture", ""))


class ReleaseForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)
    reason_own = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reason = data.get("reason_own") or data.get("reason")
        if not reason:
            raise forms.ValidationError("Say in a few words why you leave it: the next person reads it.")
        return {"reason": reason}


class FoundForm(forms.Form):
    phone = forms.CharField(max_length=40, required=False)
    email = forms.EmailField(required=False)


class IncidentForm(forms.Form):
    """What went wrong, in one step."""

    kind = forms.ChoiceField(label="What went wrong?", choices=IncidentKind.choices, widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label="How bad is it for them?",
        choices=Severity.choices,
        initial=Severity.MODERATE,
        widget=forms.RadioSelect,
    )
    order = forms.ModelChoiceField(
        label="Which order?",
        queryset=Order.objects.none(),
        required=False,
        empty_label="None of their orders",
    )
    detail = forms.CharField(
        label="What happened",
        help_text="In their words where you can. A manager reads it before the apology is offered.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders: Any = self.fields["order"]
        orders.queryset = customer.orders.order_by("-placed_at")
        orders.label_from_instance = _order_in_words


def _order_in_words(order: Order) -> str:
    return " ".join(filter(None, [order.external_id, order.items]))


def _moment(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        raise forms.ValidationError(UNREADABLE_TIME) from None

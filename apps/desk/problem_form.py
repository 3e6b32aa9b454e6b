"""The form by which a problem is reported, from a call, from feedback or from the customer's page."""

from typing import Any, cast

from django import forms
from django.db.models import Q

from apps.apologies.models import IncidentKind, Severity
from apps.customers.models import Customer, Order

ORDERS_SHOWN = 25
LONGEST_DETAIL = 5000
DETAIL = "What happened, in their words"
DETAIL_HELP = "A manager reads it before the apology is offered, and whoever rings them reads it first."


class OrderField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Order) -> str:
        items = f", {obj.items[:50]}" if obj.items else ""
        return f"{obj.external_id[:14]}, {obj.placed_at.day} {obj.placed_at:%b %Y}{items}"


class ProblemForm(forms.Form):
    """A problem that somebody saw or heard of. The orders are their last ones, and the one it began with."""

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
        label=DETAIL,
        required=False,
        max_length=LONGEST_DETAIL,
        help_text=DETAIL_HELP,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recent = customer.orders.order_by("-placed_at").values_list("pk", flat=True)[:ORDERS_SHOWN]
        begun_with = Q(pk=self.initial.get("order"))
        found = customer.orders.filter(Q(pk__in=list(recent)) | begun_with).order_by("-placed_at")
        cast(OrderField, self.fields["order"]).queryset = found

"""The form by which a problem is reported, from a call, from feedback or from the customer's page."""

from typing import Any, cast

from django import forms
from django.db.models import Q

from apps.accounts.models import Role, User
from apps.apologies.models import CustomerEffort, IncidentKind, Responsibility, Severity
from apps.customers.models import Customer, Order

ORDERS_SHOWN = 25
LONGEST_DETAIL = 5000
DETAIL = "What happened, in their words"
DETAIL_HELP = "A manager reads it before the apology is offered, and whoever rings them reads it first."


COLLEAGUE_HELP = "Only managers of their team read the name. It stands in no letter and no list."


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

    responsibility = forms.ChoiceField(
        label="Whose fault is it?",
        choices=[("whole", "Ours"), ("part", "Ours in part"), ("none", "Not ours")],
        required=False,
        initial=Responsibility.WHOLE,
        widget=forms.RadioSelect,
    )
    customer_effort = forms.ChoiceField(
        label="What did they have to do because of it?",
        choices=CustomerEffort.choices,
        required=False,
        initial=CustomerEffort.NONE,
        widget=forms.RadioSelect,
    )
    colleague = forms.ModelChoiceField(
        label="If somebody was rude: who?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Not known",
        help_text=COLLEAGUE_HELP,
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recent = customer.orders.order_by("-placed_at").values_list("pk", flat=True)[:ORDERS_SHOWN]
        begun_with = Q(pk=self.initial.get("order"))
        found = customer.orders.filter(Q(pk__in=list(recent)) | begun_with).order_by("-placed_at")
        cast(OrderField, self.fields["order"]).queryset = found
        people = User.objects.filter(is_active=True).exclude(role=Role.MARKETER).order_by("name")
        cast("forms.ModelChoiceField[User]", self.fields["colleague"]).queryset = people

    def clean_responsibility(self) -> str:
        return self.cleaned_data["responsibility"] or Responsibility.WHOLE.value

    def clean_customer_effort(self) -> str:
        return self.cleaned_data["customer_effort"] or CustomerEffort.NONE.value

    def clean(self) -> dict[str, Any]:
        """Only rude treatment names a colleague."""
        facts = super().clean() or {}
        return facts if facts.get("kind") == IncidentKind.RUDE else {**facts, "colleague": None}

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from apps.accounts.models import Shop, User
from apps.apologies.models import CompensationKind, LetterBy, Offer
from apps.apologies.permissions import deciders
from apps.apologies.services.compensations import REASON_NEEDED as TAKE_BACK_REASON_NEEDED
from apps.apologies.services.decisions import LOWER_REASON_NEEDED, NOTE_NEEDED, REASON_NEEDED
from apps.apologies.services.editing import WORDS_NEEDED
from apps.apologies.services.withdrawing import REASON_NEEDED as WITHDRAW_REASON_NEEDED
from apps.core.templatetags.ui import money
from apps.writing.widgets import CheckedTextarea

REASONS = [
    ("Amount does not fit", "Amount does not fit"),
    ("Words need work", "Words need work"),
    ("Facts are missing", "Facts are missing"),
]
PARTS = ("letter_by", "letter_first", "moment")
NOTHING_CHOSEN = "Choose the offers first: the boxes stand beside them."
COST_SO_FAR = "{cost} so far. Empty: it follows the amount in proportion."
CHOSEN = re.compile(r"\d{1,18}:\d{1,9}")
CASE_REASON_NEEDED = "Say why: the reason stays with the problem."


class VersionForm(forms.Form):
    """The offer as the page showed it. `ids` keeps the fields of the page's forms apart."""

    ids = "id_%s"
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": self.ids, **kwargs})


class ReturnForm(VersionForm):
    ids = "return_%s"
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


class LowerForm(VersionForm):
    ids = "lower_%s"
    amount = forms.DecimalField(
        label="What we give instead",
        max_digits=10,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="Why less?",
        max_length=200,
        error_messages={"required": LOWER_REASON_NEEDED},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WithdrawForm(VersionForm):
    ids = "withdraw_%s"
    reason = forms.CharField(
        label="Why is it taken back?",
        max_length=280,
        error_messages={"required": WITHDRAW_REASON_NEEDED},
        help_text="The apology is still owed: somebody writes another offer.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TakeBackForm(forms.Form):
    """`given` is what the page showed, so that nothing is taken back that was given since."""

    given = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    reason = forms.CharField(
        label="Why is it taken back?",
        max_length=200,
        error_messages={"required": TAKE_BACK_REASON_NEEDED},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HandOverForm(VersionForm):
    ids = "hand_over_%s"
    to = forms.ModelChoiceField(User.objects.none(), label="Who decides?", empty_label=None)

    def __init__(self, *args: Any, offer: Offer, by: User, shop: Shop, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = deciders(offer).present_on(shop.day_of(now))
        field: Any = self.fields["to"]
        field.queryset = here.exclude(pk__in=[by.pk, offer.approver_id or by.pk])

    @cached_property
    def people(self) -> list[tuple[Any, str]]:
        """Whom it can be handed to: read once, and only by who is shown the form."""
        field: Any = self.fields["to"]
        field.choices = [choice for choice in field.choices]  # noqa: C416 - list() would count them before
        return list(field.choices)


class ChosenForm(forms.Form):
    """Offers with their versions, as the list showed them: `12:3`."""

    chosen = forms.MultipleChoiceField(
        error_messages={"required": NOTHING_CHOSEN, "invalid_choice": NOTHING_CHOSEN}
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        field: Any = self.fields["chosen"]
        field.choices = [(one, one) for one in data.getlist("chosen") if CHOSEN.fullmatch(one)]

    def clean_chosen(self) -> dict[int, int]:
        pairs = (one.split(":") for one in self.cleaned_data["chosen"])
        return {int(pk): int(version) for pk, version in pairs}


class DeclineForm(VersionForm):
    ids = "decline_%s"
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

    cost = forms.DecimalField(
        label="What it costs us",
        max_digits=10,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    departure = forms.CharField(
        label="Why it is other than suggested",
        help_text="Needed outside the suggested band.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    moment = forms.DateTimeField(
        label="Not before",
        required=False,
        help_text="Empty is at once.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    letter_by = forms.ChoiceField(
        label="The letter goes by", choices=LetterBy.choices, required=False, widget=forms.RadioSelect
    )
    letter_first = forms.BooleanField(label="It goes out before the call", required=False)
    parts = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def facts(self) -> dict[str, Any]:
        """What the service takes. Parts that the page did not show (`parts`) stay as they are."""
        facts: dict[str, Any] = dict(self.cleaned_data)
        shows_parts, cost = facts.pop("parts"), facts.pop("cost")
        left_out = set() if shows_parts else set(PARTS)
        left_out |= set() if "departure" in self.data else {"departure"}
        kept = {name: value for name, value in facts.items() if name not in left_out}
        return kept if cost is None else {**kept, "cost": cost}

    @classmethod
    def of(cls, offer: Offer) -> "OfferForm":
        names = ("words", "compensation", "amount", "version", *PARTS)
        facts = {name: getattr(offer, name) for name in names}
        form = cls(initial=facts)
        amount, departure = form.fields["amount"], form.fields["departure"]
        amount.help_text = f"In {offer.currency}. A letter that names the old amount names the new one."
        form.fields["cost"].help_text = COST_SO_FAR.format(cost=money(offer.cost, offer.currency))
        if offer.departure:
            departure.help_text = f"So far: {offer.departure}. Another amount or gift needs it anew."
        return form

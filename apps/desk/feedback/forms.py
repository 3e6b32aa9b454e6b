from typing import Any

from django import forms

from apps.feedback.services.answers import REASON_NEEDED, WORDS_NEEDED
from apps.writing.widgets import CheckedTextarea

from .ways import MAIL, Ways

CHOOSE_A_WAY = "Choose how the answer goes."

REASONS = [
    ("Anonymous: nobody to answer", "Anonymous: nobody to answer"),
    ("Replies are closed where it was written", "Replies are closed where it was written"),
    ("Not about us", "Not about us"),
]


class ReplyForm(forms.Form):
    """`ways`: how the answer may go, from ways.py."""

    words = forms.CharField(
        label="Your reply",
        error_messages={"required": WORDS_NEEDED},
        widget=CheckedTextarea(
            channel="feedback_reply",
            play="feedback",
            attrs={"rows": 10, "data-key": "w", "data-key-label": "Write"},
        ),
    )
    way = forms.ChoiceField(label="How it goes", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: Ways, **kwargs: Any) -> None:
        kwargs["initial"] = {"way": ways.first, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        way: Any = self.fields["way"]
        way.choices = ways.choices
        way.error_messages["invalid_choice"] = ways.why_no_mail or CHOOSE_A_WAY

    @property
    def is_by_mail(self) -> bool:
        return bool(self.cleaned_data["way"] == MAIL)


class UnanswerableForm(forms.Form):
    chip = forms.ChoiceField(
        label="Why can nobody answer?", choices=REASONS, required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Or in your words",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        facts["reason"] = (facts.get("reason") or facts.get("chip") or "").strip()
        if not facts["reason"]:
            self.add_error("reason", REASON_NEEDED)
        return facts

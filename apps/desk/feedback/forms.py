from typing import Any

from django import forms

from apps.feedback.services.answers import REASON_NEEDED, WORDS_NEEDED
from apps.writing.widgets import CheckedTextarea

REASONS = [
    ("Anonymous: nobody to answer", "Anonymous: nobody to answer"),
    ("Replies are closed where it was written", "Replies are closed where it was written"),
    ("Not about us", "Not about us"),
]


class ReplyForm(forms.Form):
    words = forms.CharField(
        label="Your reply",
        error_messages={"required": WORDS_NEEDED},
        widget=CheckedTextarea(
            channel="feedback_reply",
            play="feedback",
            attrs={"rows": 10, "data-key": "w", "data-key-label": "Write"},
        ),
    )


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

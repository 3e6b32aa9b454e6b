from django import forms

from .checking import LONGEST

CHANNELS = ("", "email", "chat", "sms", "social", "letter", "call_note", "feedback_reply")
PLAYS = ("", "apology", "recovery", "feedback", "welcome", "vip", "inquiry")


class DraftForm(forms.Form):
    """A draft as its page sends it. Its spaces count: the findings are given by position."""

    text = forms.CharField(required=False, strip=False, max_length=LONGEST)
    channel = forms.ChoiceField(choices=[(name, name) for name in CHANNELS], required=False)
    play = forms.ChoiceField(choices=[(name, name) for name in PLAYS], required=False)
    name = forms.SlugField(max_length=80)

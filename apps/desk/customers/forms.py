from typing import Any

from django import forms

from apps.customers.models import Channel, Customer, Permission, Purpose
from apps.writing.widgets import CheckedTextarea

NO_ORIGIN = "Write how you know: on the phone today, by letter, ..."


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False, max_length=4000, widget=CheckedTextarea(channel="call_note", attrs={"rows": 3})
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")

    def clean_seen(self) -> str:
        return str(self.cleaned_data["seen"]).replace("\r\n", "\n")


class PermissionsForm(forms.Form):
    """One choice per channel and purpose, and how we know."""

    origin = forms.CharField(
        max_length=120,
        label="How do you know?",
        help_text="Such as: said so on the phone.",
        error_messages={"required": NO_ORIGIN},
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = {(p.channel, p.purpose): p.state for p in customer.permissions.all()}
        self.pairs = [(channel, purpose) for channel in Channel for purpose in Purpose]
        for channel, purpose in self.pairs:
            self.fields[f"{channel}_{purpose}"] = forms.ChoiceField(
                label=f"{channel.label}, {purpose.label.lower()}",
                choices=Permission.State.choices,
                initial=states.get((channel, purpose), Permission.State.NEVER_ASKED),
            )
        self.order_fields([*(f"{channel}_{purpose}" for channel, purpose in self.pairs), "origin"])

    def changes(self) -> list[tuple[str, str, str]]:
        """Channel, purpose and new state of each that is to change."""
        return [
            (channel, purpose, self.cleaned_data[f"{channel}_{purpose}"])
            for channel, purpose in self.pairs
            if f"{channel}_{purpose}" in self.changed_data
        ]

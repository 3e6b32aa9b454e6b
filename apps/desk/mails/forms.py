from typing import Any

from django import forms

from apps.campaigns.registry import plays
from apps.desk.today.rows import PLAY_NAMES
from apps.desk.writing.plays import language_play
from apps.outreach.models import MailTemplate
from apps.outreach.templating import LONGEST_SUBJECT, Words, faults_of
from apps.writing.boxes import set_play
from apps.writing.widgets import CheckedTextarea

NO_REASON = "Say why this address may get mail again."


def _plays() -> list[tuple[str, str]]:
    return [(play.code, PLAY_NAMES.get(play.code, play.code)) for play in plays()]


class TemplateForm(forms.Form):
    """The words of a mail. What could be sent to nobody is refused here already, with what to do."""

    name = forms.CharField(label="Name", max_length=80, help_text="What it is for, as a rep looks for it.")
    play = forms.ChoiceField(label="Play", choices=_plays)
    is_active = forms.BooleanField(label="Reps can choose it", required=False)
    subject = forms.CharField(
        label="Subject",
        max_length=LONGEST_SUBJECT,
        strip=False,
        required=False,
        widget=CheckedTextarea(channel="email", attrs={"rows": 1}),
    )
    body = forms.CharField(
        label="Mail",
        required=False,
        strip=False,
        max_length=20_000,
        help_text="An empty line begins a paragraph. Addresses with https:// become links.",
        widget=CheckedTextarea(channel="email", attrs={"rows": 14, "class": "voice"}),
    )
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: MailTemplate, **kwargs: Any) -> None:
        initial = {name: getattr(template, name) for name in ("name", "play", "is_active", "subject", "body")}
        seen_at = template.updated_at.isoformat() if template.updated_at else ""
        super().__init__(*args, **{**kwargs, "initial": {**initial, "seen_at": seen_at}})
        set_play(self, language_play(str(self["play"].value() or "")))

    @property
    def words(self) -> Words:
        """As they stand in the boxes, right or wrong."""
        return Words(str(self["subject"].value() or ""), str(self["body"].value() or ""))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for name, fault in faults_of(self.words).items():
            if name not in self.errors:
                self.add_error(name, str(fault))
        return facts


class LiftForm(forms.Form):
    reason = forms.CharField(max_length=200, error_messages={"required": NO_REASON})

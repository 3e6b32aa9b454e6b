from typing import Any

from django import forms

from apps.accounts.models import Team
from apps.campaigns.models import Backfill, Campaign
from apps.campaigns.placeholders import PLACEHOLDERS, unknown_placeholders
from apps.campaigns.registry import play_for
from apps.desk.writing.plays import language_play
from apps.writing.boxes import set_play
from apps.writing.widgets import CheckedTextarea

TEXTS = ("goal", "opening_line", "talk_points", "gestures")
ALLOWED = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
DAYS_NEEDED = "Say how many days before the start may still come in."
MOMENT = "%Y-%m-%dT%H:%M"


class SettingsForm(forms.Form):
    """What a campaign is set to. Moments are in the shop's zone: use it under `timezone.override`."""

    starts_at = forms.DateTimeField(
        label="Start",
        required=False,
        help_text="What happened before is held back. Empty: the moment it is first switched on.",
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    backfill = forms.ChoiceField(
        label="From before the start, let in", choices=Backfill.choices, widget=forms.RadioSelect
    )
    backfill_days = forms.IntegerField(
        label="Days before the start", min_value=0, max_value=3650, required=False
    )
    holdout_percent = forms.IntegerField(
        label="Holdout, %",
        min_value=0,
        max_value=50,
        required=False,
        help_text="So many get no call, so that you can see what the calls change.",
    )
    team = forms.ModelChoiceField(
        Team.objects.all(),
        label="Team",
        required=False,
        empty_label="Everybody",
        help_text="Who does the work",
    )
    tasks_per_day = forms.IntegerField(
        label="New tasks a day, at most", min_value=1, required=False, help_text="Empty: no limit."
    )
    minutes_per_task = forms.IntegerField(label="Minutes for each", min_value=1, max_value=240)
    goal = forms.CharField(label="Goal", max_length=160, required=False)
    opening_line = forms.CharField(
        label="Opening line",
        required=False,
        widget=CheckedTextarea(channel="", attrs={"rows": 3, "class": "voice"}),
    )
    talk_points = forms.CharField(
        label="Talk points",
        required=False,
        help_text="One a line.",
        widget=CheckedTextarea(channel="", attrs={"rows": 6}),
    )
    gestures = forms.CharField(
        label="Special gestures",
        required=False,
        help_text="One a line. The rep chooses one in the call.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        initial = {name: getattr(campaign, name) for name in self.base_fields}
        super().__init__(*args, **{**kwargs, "initial": initial})
        set_play(self, language_play(campaign.play))
        play = play_for(campaign.play)
        if play.owed:
            del self.fields["holdout_percent"]
        if not play.script.gestures and not campaign.gestures:
            del self.fields["gestures"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("backfill") == Backfill.DAYS and not facts.get("backfill_days"):
            self.add_error("backfill_days", DAYS_NEEDED)
        for name in TEXTS:
            unknown = unknown_placeholders(facts.get(name, ""))
            if unknown:
                self.add_error(name, f"{', '.join(unknown)} is no placeholder. These are: {ALLOWED}.")
        for name in ("backfill_days", "holdout_percent"):
            if name in facts:
                facts[name] = facts[name] or 0
        return facts

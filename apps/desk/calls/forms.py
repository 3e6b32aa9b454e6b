from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from apps.desk.problem_form import DETAIL, DETAIL_HELP, LONGEST_DETAIL, ProblemForm
from apps.worklist.models import Outcome
from apps.writing.widgets import CheckedTextarea

UNREADABLE_TIME = "Write the moment as day and time, such as 5 March, 15:00."


class NotesForm(forms.Form):
    """The notes of a call. Their findings are folded: nothing moves while somebody talks."""

    notes = forms.CharField(
        required=False,
        max_length=20_000,
        widget=CheckedTextarea(
            channel="call_note",
            folded=True,
            attrs={"id": "notes", "rows": 2, "data-key": "n", "data-key-label": "Notes"},
        ),
    )


class OutcomeForm(NotesForm):
    """How a call ended. A quick call back choice is the outcome and its moment in one press."""

    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
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


class CallProblemForm(ProblemForm):
    """The rep has just heard it: it is told in the customer's words, which are not ours to judge."""

    detail = forms.CharField(
        label=DETAIL,
        max_length=LONGEST_DETAIL,
        help_text=DETAIL_HELP,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _moment(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        raise forms.ValidationError(UNREADABLE_TIME) from None

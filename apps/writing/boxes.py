"""Forms with checked boxes: their findings on the page, and what became of them when the form is saved."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django import forms
from django.db import transaction
from django.db.models import Model

from apps.accounts.models import User

from .answers import Answers, answers_in
from .checking import findings_of
from .services import record_verdicts
from .shown import shown_of, with_reasons
from .widgets import CheckedTextarea

logger = logging.getLogger(__name__)

ASKED = "check"  # the button that only checks, for pages without scripts


def only_check(data: dict[str, str]) -> bool:
    """The form was sent to have its words checked, not to be saved."""
    return ASKED in data


def set_play(form: forms.Form, play: str) -> None:
    """What the words of these boxes are for, as the checker names it."""
    for _, widget in _checked(form):
        widget.play = play


def show_findings(form: forms.Form, *, by: User, about: Model | None = None) -> None:
    """Put the findings of each checked box under it, as its text stands, with the answers so far.

    about: the row that the text was saved with; reasons that were given then are not asked for again.
    """
    for name, widget in _checked(form):
        text = str(form[name].value() or "")
        answers = answers_in(form.data, form[name].html_name) if form.is_bound else Answers()
        found = findings_of(text, channel=widget.channel, play=widget.play, by=by)
        widget.shown = shown_of(text, found, answers, by=by)
        widget.is_read = True
        if about and widget.shown and not form.is_bound:
            widget.shown = with_reasons(widget.shown, about, place=name)


def keep_verdicts(
    form: forms.Form, *, about: Model, by: User, now: datetime, saved: dict[str, str] | None = None
) -> None:
    """Record what became of the findings of a form that was saved for the row `about`.

    saved: the texts that differ from what was posted, by the name of their field. What was saved is saved:
    where this fails, it is logged, and the writer goes on.
    """
    try:
        with transaction.atomic():
            _keep_verdicts(form, saved or {}, about=about, by=by, now=now)
    except Exception as fault:  # whatever it is; its message may quote the words
        logger.error("Verdicts were not kept: %s", type(fault).__name__)


def _keep_verdicts(form: forms.Form, saved: dict[str, str], *, about: Model, by: User, now: datetime) -> None:
    for name, widget in _checked(form):
        text = saved.get(name, str(form.cleaned_data.get(name) or ""))
        record_verdicts(
            about,
            place=name,
            text=text,
            findings=findings_of(text, channel=widget.channel, play=widget.play, by=by),
            answers=answers_in(form.data, form[name].html_name),
            by=by,
            now=now,
        )


def _checked(form: forms.Form) -> Iterator[tuple[str, CheckedTextarea]]:
    for name, field in form.fields.items():
        if isinstance(field.widget, CheckedTextarea):
            yield name, field.widget

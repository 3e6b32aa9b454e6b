"""Writing a mail in a task: from a template or by hand, with a look at what the customer will get."""

from dataclasses import dataclass
from typing import Any

from django import forms

from apps.accounts.models import Shop
from apps.campaigns.mailing import render_for
from apps.core.http import Request
from apps.desk.writing.plays import language_play
from apps.outreach.models import MailTemplate
from apps.outreach.placeholders import ALLOWED
from apps.outreach.templating import LONGEST_SUBJECT, CannotRender, Rendered, Words
from apps.outreach.unsubscribing import sample_url
from apps.worklist.models import CareTask, Reach
from apps.writing.boxes import set_play, show_findings
from apps.writing.widgets import CheckedTextarea

from .workspace import is_hard

MOST = 50


class MailForm(forms.Form):
    subject = forms.CharField(label="Subject", max_length=LONGEST_SUBJECT, strip=False)
    body = forms.CharField(
        label="Mail",
        strip=False,
        max_length=20_000,
        help_text=f"In braces: {ALLOWED}.",
        widget=CheckedTextarea(channel="email", attrs={"rows": 12, "class": "voice"}),
    )

    def __init__(self, *args: Any, play: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "mail_%s"  # the notes stand on the same page
        set_play(self, language_play(play))

    @property
    def words(self) -> Words:
        return Words(str(self["subject"].value() or ""), str(self["body"].value() or ""))


@dataclass(frozen=True)
class Composer:
    """`chosen` is the template that it began with; `mail` is what the customer would get, or `why_not`."""

    form: MailForm
    templates: list[MailTemplate]
    chosen: MailTemplate | None = None
    mail: Rendered | None = None
    why_not: str = ""


def may_mail(task: CareTask) -> bool:
    """An apology has its own letter, which a manager approved: only an answer to it is written to."""
    is_own = is_hard(task.play) and "wrote" not in task.facts
    return task.reach == Reach.EMAIL and bool(task.customer.email) and not is_own


def composer_for(request: Request, task: CareTask, form: MailForm | None = None) -> Composer:
    templates = list(MailTemplate.objects.filter(is_active=True, play=task.play).order_by("name")[:MOST])
    wanted = request.GET.get("template", "")
    chosen = next((each for each in templates if str(each.pk) == wanted), None)
    begin = {"subject": chosen.subject, "body": chosen.body} if chosen else {}
    form = form or MailForm(play=task.play, initial=begin)
    show_findings(form, by=request.user)
    if not (form.words.subject or form.words.body):
        return Composer(form, templates, chosen)
    try:
        link = "" if task.owed else sample_url()
        mail = render_for(task, form.words, by=request.user, shop=Shop.current(), link=link)
    except CannotRender as reason:
        return Composer(form, templates, chosen, why_not=str(reason))
    return Composer(form, templates, chosen, mail)

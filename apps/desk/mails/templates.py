"""The words of mails: the list, and one with its preview."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.core.http import Request
from apps.desk.today.rows import PLAY_NAMES
from apps.outreach.models import MailTemplate
from apps.outreach.placeholders import PLACEHOLDERS
from apps.outreach.services import CannotSave, save_template
from apps.writing.boxes import keep_verdicts, only_check, show_findings

from .forms import TemplateForm
from .frames import shows_mails
from .preview import previews_of

PREVIEW = "preview"  # the button that only shows
SAVED = "“{name}” is saved."
MOST = 200
writers = role_required(Role.MANAGER, Role.MARKETER)


@require_safe
@writers
def templates(request: Request) -> HttpResponseBase:
    rows = MailTemplate.objects.select_related("updated_by").order_by("-is_active", "name")[:MOST]
    listed = [(row, PLAY_NAMES.get(row.play, row.play)) for row in rows]
    active = sum(row.is_active for row, _ in listed)
    return render(request, "desk/mail_templates.html", {"rows": listed, "active": active})


@require_http_methods(["GET", "HEAD", "POST"])
@writers
@shows_mails
def new_template(request: Request) -> HttpResponseBase:
    return _edit(request, MailTemplate(play="welcome"))


@require_http_methods(["GET", "HEAD", "POST"])
@writers
@shows_mails
def template(request: Request, pk: int) -> HttpResponseBase:
    return _edit(request, get_object_or_404(MailTemplate.objects.select_related("updated_by"), pk=pk))


def _edit(request: Request, template: MailTemplate) -> HttpResponse:
    form = TemplateForm(request.POST or None, template=template)
    only_shown = only_check(request.POST) or PREVIEW in request.POST
    if not only_shown and form.is_valid() and _save(request, template, form):
        messages.info(request, SAVED.format(name=template.name))
        return redirect("desk:mail_template", template.pk)
    show_findings(form, by=request.user, about=template if template.pk else None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and not only_shown else HTTPStatus.OK
    return render(request, "desk/mail_template.html", _context(request, template, form), status=status)


def _save(request: Request, template: MailTemplate, form: TemplateForm) -> bool:
    now, facts = timezone.now(), form.cleaned_data
    try:
        save_template(
            template,
            words=form.words,
            name=facts["name"],
            play=facts["play"],
            is_active=facts["is_active"],
            seen_at=facts["seen_at"],
            by=request.user,
            now=now,
        )
    except CannotSave as reason:
        form.add_error(reason.field, str(reason))
        return False
    keep_verdicts(form, about=template, by=request.user, now=now)
    return True


def _context(request: Request, template: MailTemplate, form: TemplateForm) -> dict[str, object]:
    words = form.words
    has_words = bool(words.subject.strip() or words.body.strip())
    shop, now = Shop.current(), timezone.now()
    play = str(form["play"].value())
    previews = previews_of(words, play=play, by=request.user, shop=shop, now=now) if has_words else []
    return {
        "template": template,
        "form": form,
        "placeholders": PLACEHOLDERS.items(),
        "previews": previews,
        "unsendable": sum(each.mail is None for each in previews),
    }

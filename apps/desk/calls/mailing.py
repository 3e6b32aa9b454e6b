"""Sending the mail of a task: it ends the task, and can be taken back with it for ten seconds."""

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.models import Shop
from apps.campaigns.mailing import send_for
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.desk.mails.frames import shows_mails
from apps.outreach.services import CannotSend
from apps.outreach.templating import CannotRender
from apps.worklist import services
from apps.writing.boxes import keep_verdicts, only_check

from .composer import MailForm, composer_for, may_mail
from .views import callers, open_next, show, task_for, tell

PREVIEW = "preview"  # the button that only shows
REFUSALS = (CannotRender, CannotSend, services.CannotTake, services.CannotPromise, Conflict)


@require_POST
@callers
@shows_mails
def send(request: Request, pk: int) -> HttpResponseBase:
    task, now = task_for(request, pk), timezone.now()
    if not may_mail(task):
        raise Http404
    form = MailForm(request.POST, play=task.play)
    if only_check(request.POST) or PREVIEW in request.POST or not form.is_valid():
        return show(request, task, composer=composer_for(request, task, form))
    try:
        attempt = send_for(task, form.words, by=request.user, shop=Shop.current(), now=now)
    except REFUSALS as reason:
        form.add_error(None, str(reason))
        task.refresh_from_db()
        return show(request, task, composer=composer_for(request, task, form))
    keep_verdicts(form, about=attempt, by=request.user, now=now)
    tell(request, attempt)
    return open_next(request)

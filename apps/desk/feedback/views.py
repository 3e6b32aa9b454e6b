"""The reply workspace: read, write, post it where it was written, mark as answered; the next one opens."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.feedback import services
from apps.feedback.models import FeedbackItem
from apps.outreach.services import CannotSend
from apps.outreach.templating import CannotRender
from apps.worklist.services import CannotTake
from apps.writing.boxes import keep_verdicts, only_check

from .forms import ReplyForm, UnanswerableForm
from .page import list_context, open_context, opened_at, tab_of
from .queue import TABS, feedback_campaign, next_to_answer
from .ways import ways_of

ANSWERED = "Reply to {name} is marked as answered."
SENT = "Your reply to {name} goes out by e-mail."
CLOSED = "{name}: recorded that nobody can answer."
REOPENED = "{name} waits for an answer again."


@require_GET
def feedback(request: Request) -> HttpResponse:
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    context = list_context(request.user, tab, **_read())
    return render(request, "desk/feedback.html", context)


@require_GET
def feedback_item(request: Request, pk: int) -> HttpResponse:
    return _page(request, _item(request, pk))


@require_POST
@role_required(Role.REP, Role.MANAGER)
def answer_feedback(request: Request, pk: int) -> HttpResponse:
    item, now = _item(request, pk), timezone.now()
    form = ReplyForm(request.POST, ways=ways_of(item))
    if only_check(request.POST) or not form.is_valid():
        return _page(request, item, form=form)
    began = opened_at(item, request.POST.get("sitting", ""))
    try:
        services.answer(
            item,
            words=form.cleaned_data["words"],
            by=request.user,
            now=now,
            opened_at=began,
            by_mail=form.is_by_mail,
        )
    except (Conflict, CannotTake, CannotSend, CannotRender) as reason:
        form.add_error(None, str(reason))
        return _page(request, _item(request, pk), form=form)
    keep_verdicts(form, about=item, by=request.user, now=now)
    return _next(request, item, SENT if form.is_by_mail else ANSWERED)


@require_POST
def save_reply(request: Request, pk: int) -> HttpResponse:
    """The draft saves itself; without scripts a button does."""
    item = _item(request, pk)
    try:
        services.save_draft(item, words=request.POST.get("words", ""), by=request.user, now=timezone.now())
    except Conflict as reason:
        return HttpResponse(str(reason), status=HTTPStatus.CONFLICT, content_type="text/plain")
    if request.headers.get("X-Requested-With") == "autosave":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return redirect("desk:feedback_item", pk)


@require_POST
@role_required(Role.REP, Role.MANAGER)
def close_feedback(request: Request, pk: int) -> HttpResponse:
    item, form = _item(request, pk), UnanswerableForm(request.POST)
    if not form.is_valid():
        return _page(request, item, unanswerable=form)
    reason = form.cleaned_data["reason"]
    try:
        services.record_unanswerable(item, reason=reason, by=request.user, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return redirect("desk:feedback_item", pk)
    return _next(request, item, CLOSED)


@require_POST
@role_required(Role.REP, Role.MANAGER)
def reopen_feedback(request: Request, pk: int) -> HttpResponse:
    """`?undo`: by the toast, within its ten seconds or later."""
    item = _item(request, pk)
    take_back = services.undo_answer if "undo" in request.GET else services.reopen
    try:
        take_back(item, by=request.user, now=timezone.now())
    except Conflict as reason:
        messages.error(request, str(reason))
    else:
        messages.info(request, REOPENED.format(name=item.customer))
    return redirect("desk:feedback_item", pk)


def _item(request: Request, pk: int) -> FeedbackItem:
    items = FeedbackItem.objects.on_the_desk_of(request.user).select_related("customer", "order")
    return get_object_or_404(items, pk=pk)


def _read() -> dict[str, Any]:
    """What both halves of the page are read with, each once."""
    return {"shop": Shop.current(), "now": timezone.now(), "campaign": feedback_campaign()}


def _page(
    request: Request,
    item: FeedbackItem,
    *,
    form: ReplyForm | None = None,
    unanswerable: UnanswerableForm | None = None,
) -> HttpResponse:
    sitting = request.POST.get("sitting", "")
    read = _read()
    opened = open_context(item, request.user, form=form, unanswerable=unanswerable, sitting=sitting, **read)
    context = list_context(request.user, tab_of(item), **read) | {
        "open": opened,
        "item": item,
        "show_unanswerable": unanswerable is not None or "impossible" in request.GET,
    }
    failed = (form is not None or unanswerable is not None) and not only_check(request.POST)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "desk/feedback.html", context, status=status)


def _next(request: Request, item: FeedbackItem, words: str) -> HttpResponse:
    """Say what happened, with its undo, and open the next one by itself."""
    undo = reverse("desk:reopen_feedback", args=[item.pk]) + "?undo"
    messages.info(request, words.format(name=item.customer), extra_tags=f"undo:{undo}")
    following = next_to_answer(request.user, shop=Shop.current(), now=timezone.now(), after=item)
    return redirect("desk:feedback_item", following.pk) if following else redirect("desk:feedback")

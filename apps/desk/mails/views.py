"""Mails: what needs a look, what is on its way, what was sent, and each as the customer gets it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import has_role, role_required
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.outreach import services
from apps.outreach.models import Message, MessageStatus
from apps.outreach.permissions import may_write_templates

from .frames import shows_mails
from .history import history_of
from .lists import mails_for
from .shown import HIDDEN, is_hidden, shown_to
from .words import DEALT_WITH_ELSEWHERE, SENT_BY_HAND, state_of, stays_here

TAKEN_BACK = "Taken back: {customer} does not get “{subject}”."
NOT_AGAIN = "“{subject}” does not go out again. Nobody knows whether {customer} got it before."
SENT_AGAIN = "“{subject}” is on its way to {customer} again."
ASIDE = "“{subject}” needs no look any more. {customer} is reached another way."
NEVER_ARRIVED = "“{subject}” is kept as not sent. What it was about goes to {customer} another way."
ARRIVED = "“{subject}” is kept as sent to {customer}."
senders = role_required(Role.REP, Role.MANAGER)


@require_safe
def mails(request: Request) -> HttpResponse:
    shop, now = Shop.current(), timezone.now()
    found = mails_for(request.user, request.GET.dict(), shop=shop, now=now)
    context = {
        "list": found,
        "stays_here": stays_here(),
        "older_url": f"?{urlencode(found.older)}" if found.older else "",
        "may_act": _may_act(request),
        "may_write": may_write_templates(request.user),
    }
    return render(request, "desk/mails.html", context)


@require_safe
@shows_mails
def mail(request: Request, pk: int) -> HttpResponseBase:
    message = _message(request, pk)
    shown = shown_to(request.user, message)
    may_act = _may_act(request) and not shown.why_hidden
    context = {
        "message": message,
        "shown": shown,
        "state": state_of(message),
        "history": history_of(message),
        "stays_here": stays_here(),
        "can_take_back": may_act and message.status == MessageStatus.QUEUED,
        "can_set_aside": may_act and message.status in DEALT_WITH_ELSEWHERE,
        "can_settle": may_act and message.status in SENT_BY_HAND,
        "is_in_doubt": message.status == MessageStatus.UNKNOWN,
    }
    return render(request, "desk/mail.html", context)


@require_POST
@senders
def take_back(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.take_back_mail, TAKEN_BACK, in_doubt=NOT_AGAIN)


@require_POST
@senders
def again(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.send_again, SENT_AGAIN)


@require_POST
@senders
def arrived(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.mark_as_sent, ARRIVED)


@require_POST
@senders
def not_arrived(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.mark_as_not_sent, NEVER_ARRIVED)


@require_POST
@senders
def aside(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.set_aside, ASIDE)


def _act(
    request: Request, pk: int, service: Callable[..., Any], done: str, *, in_doubt: str = ""
) -> HttpResponse:
    """`in_doubt`: what is said instead where nobody knows afterwards whether it left."""
    message = _message(request, pk)
    if is_hidden(request.user, message):
        messages.error(request, HIDDEN)
        return redirect("desk:mail", pk)
    try:
        service(message, by=request.user, now=timezone.now())
    except (services.CannotSend, Conflict) as reason:
        messages.error(request, str(reason))
    else:
        said = in_doubt if in_doubt and message.status == MessageStatus.UNKNOWN else done
        messages.info(request, said.format(customer=message.customer, subject=message.subject))
    return redirect("desk:mail", pk)


def _message(request: Request, pk: int) -> Message:
    seen = Message.objects.visible_to(request.user).select_related("customer", "by")
    return get_object_or_404(seen, pk=pk)


def _may_act(request: Request) -> bool:
    return has_role(request.user, Role.REP, Role.MANAGER)

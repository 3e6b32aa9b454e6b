"""The call workspace: take, talk, say how it ended, and the next one opens."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Role, Shop, User
from apps.accounts.permissions import role_required
from apps.apologies import services as apologies
from apps.core.http import Request, errors_of
from apps.core.statuses import Conflict
from apps.desk.mails.frames import shows_mails
from apps.desk.writing.plays import language_play
from apps.feedback import services as feedback
from apps.worklist import services
from apps.worklist.calling import window_of
from apps.worklist.models import REPLY_PLAY, Attempt, CareTask, Outcome, TaskStatus
from apps.writing.boxes import keep_verdicts, only_check, set_play, show_findings
from apps.writing.services import forget_verdicts

from .composer import Composer, composer_for, may_mail
from .forms import CallProblemForm, FoundForm, NotesForm, OutcomeForm, ReleaseForm
from .words import after_outcome
from .workspace import workspace_of

SKIP_REASONS = ["Not the right moment", "A colleague knows them better", "Already in touch elsewhere"]
NOTHING_NOW = "Nothing can be called right now. What opens next is listed here."
TO_THE_CALLS = "Went to the calls"
callers = role_required(Role.REP, Role.MANAGER)


def task_for(request: Request, pk: int) -> CareTask:
    tasks = CareTask.objects.visible_to(request.user).select_related("customer", "held_by")
    return get_object_or_404(tasks, pk=pk)


@require_POST
@callers
def take_next(request: Request) -> HttpResponse:
    return open_next(request)


def open_next(request: Request) -> HttpResponse:
    """The next task on the desk; a reply that lay there goes back first."""
    now = timezone.now()
    held = services.task_held_by(request.user)
    if held and held.play == REPLY_PLAY:
        services.release(held, by=request.user, now=now, reason=TO_THE_CALLS)
    task = services.take_next(request.user, now=now)
    if task is None:
        messages.info(request, NOTHING_NOW)
        return redirect("desk:today")
    return redirect("desk:workspace", task.pk)


@require_safe
@callers
@shows_mails
def workspace(request: Request, pk: int) -> HttpResponseBase:
    return show(request, task_for(request, pk))


def show(
    request: Request, task: CareTask, form: OutcomeForm | None = None, composer: Composer | None = None
) -> HttpResponse:
    shop, now = Shop.current(), timezone.now()
    notes_form = form or NotesForm(initial={"notes": task.notes})
    set_play(notes_form, language_play(task.play))
    show_findings(notes_form, by=request.user)
    desk = workspace_of(task, user=request.user, shop=shop, zone=request.user.zone(shop), now=now)
    elapsed = (now - task.held_at).total_seconds() if task.held_at else 0
    facts = {"desk": desk, "task": task, "elapsed": elapsed, "skip_reasons": SKIP_REASONS}
    facts["notes_form"] = notes_form
    if desk.is_mine and may_mail(task):
        facts["composer"] = composer or composer_for(request, task)
    return render(request, "desk/call.html", facts)


@require_POST
@callers
def start(request: Request, pk: int) -> HttpResponse:
    """Take a chosen task: permission and hours are asked again here."""
    task = task_for(request, pk)
    try:
        services.take(task, by=request.user, now=timezone.now())
    except (services.CannotTake, Conflict) as reason:
        messages.error(request, str(reason))
    return redirect("desk:workspace", task.pk)


@require_POST
@callers
def outcome(request: Request, pk: int) -> HttpResponse:
    task, now = task_for(request, pk), timezone.now()
    form = OutcomeForm(request.POST, zone=ZoneInfo(window_of(task, now).zone.key))
    set_play(form, language_play(task.play))
    if only_check(request.POST):
        return show(request, task, form)
    if not form.is_valid():
        return refused(request, task, errors_of(form), form)
    data = form.cleaned_data
    try:
        attempt = services.record_outcome(
            task,
            outcome=data["outcome"],
            by=request.user,
            now=now,
            notes=data["notes"],
            call_back_at=data["call_back_at"],
            gesture=form.chosen_gesture,
        )
    except (services.CannotTake, services.CannotPromise, Conflict) as reason:
        return refused(request, task, str(reason), form)
    keep_verdicts(form, about=attempt, by=request.user, now=now, saved={"notes": attempt.notes})
    keep_words(request, task, data)
    tell(request, attempt)
    if attempt.outcome == Outcome.PROBLEM_FOUND:
        return redirect("desk:call_problem", task.pk)
    return open_next(request)


def refused(request: Request, task: CareTask, why: str, form: OutcomeForm | None = None) -> HttpResponse:
    """Say why, with what was written still there."""
    messages.error(request, why)
    task.refresh_from_db()
    task.notes = request.POST.get("notes", task.notes)
    return show(request, task, form)


def keep_words(request: Request, task: CareTask, data: dict[str, Any]) -> None:
    if not data["keep_feedback"] or not data["notes"].strip():
        return
    try:
        feedback.keep_heard(
            task, text=data["notes"], score=data["score"], by=request.user, now=timezone.now()
        )
    except (ValueError, Conflict) as reason:
        messages.error(request, str(reason))


def tell(request: Request, attempt: Attempt) -> None:
    zone = request.user.zone(Shop.current())
    undo = reverse("desk:undo_outcome", args=[attempt.pk])
    messages.success(request, after_outcome(attempt, zone, attempt.ended_at), extra_tags=f"undo:{undo}")


@require_POST
@callers
def undo_outcome(request: Request, pk: int) -> HttpResponse:
    attempts = Attempt.objects.filter(by=request.user).select_related(
        "task__customer", "customer", "time_entry"
    )
    attempt = get_object_or_404(attempts, pk=pk)
    try:
        with transaction.atomic():
            task = services.undo_outcome(attempt, by=request.user, now=timezone.now())
            forget_verdicts(attempt)
    except services.CannotUndo as reason:
        messages.error(request, str(reason))
        held = services.task_held_by(request.user)
        return redirect("desk:workspace", held.pk) if held else redirect("desk:today")
    messages.info(request, f"{task.customer} is open again, as it was.")
    return redirect("desk:workspace", task.pk)


@require_POST
@callers
def notes(request: Request, pk: int) -> HttpResponse:
    """The notes save themselves while they are written; that keeps the lease too."""
    task = task_for(request, pk)
    try:
        services.save_notes(
            task, notes=request.POST.get("notes", "")[:20_000], by=request.user, now=timezone.now()
        )
    except Conflict as reason:
        return HttpResponse(str(reason), status=409, content_type="text/plain")
    return HttpResponse(status=204)


@require_POST
@callers
def stay(request: Request, pk: int) -> HttpResponse:
    """The workspace is still open: the lease goes on."""
    kept = services.renew(task_for(request, pk), by=request.user, now=timezone.now())
    return HttpResponse(status=204 if kept else 409)


@require_POST
@callers
def release(request: Request, pk: int) -> HttpResponse:
    """Move on without an outcome: only with a reason."""
    task, form = task_for(request, pk), ReleaseForm(request.POST)
    if not form.is_valid():
        return refused(request, task, errors_of(form))
    try:
        services.release(task, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
    except Conflict as reason:
        messages.error(request, str(reason))
        return redirect("desk:today")
    messages.info(request, f"{task.customer} is back with the team, for in an hour.")
    return open_next(request)


@require_POST
@callers
def found(request: Request, pk: int) -> HttpResponse:
    """A number or an address was found for somebody who could not be reached."""
    task, form = task_for(request, pk), FoundForm(request.POST)
    if not form.is_valid():
        return refused(request, task, "That is not a mail address. Write it as name@example.com.")
    try:
        services.found_way(task, by=request.user, now=timezone.now(), **form.cleaned_data)
    except (services.NoWay, Conflict) as reason:
        return refused(request, task, str(reason))
    messages.success(request, "Kept with the customer. The task goes on that way.")
    return redirect("desk:workspace", task.pk)


@callers
def report_incident(request: Request, pk: int) -> HttpResponse:
    """What went wrong, in one step: it becomes an incident, and the incident an apology."""
    task, now = task_for(request, pk), timezone.now()
    form = CallProblemForm(request.POST or None, customer=task.customer, initial=known_of(task, request.user))
    if request.method != "POST" or not form.is_valid():
        return ask_what_happened(request, task, form)
    try:
        apologies.report_incident(task.customer, by=request.user, now=now, **form.cleaned_data)
    except (Conflict, ValueError) as reason:
        messages.error(request, str(reason))
        return ask_what_happened(request, task, form)
    messages.success(request, f"Reported. {task.customer} gets an apology as soon as a manager approves it.")
    return redirect("desk:today") if task.status == TaskStatus.HELD else open_next(request)


def ask_what_happened(request: Request, task: CareTask, form: CallProblemForm) -> HttpResponse:
    return render(request, "desk/call_problem.html", {"form": form, "task": task})


def known_of(task: CareTask, by: User) -> dict[str, Any]:
    """Their own notes of the call, and the order it was about."""
    attempt = task.attempts.standing().filter(by=by).order_by("-ended_at").first()
    order = task.customer.orders.filter(external_id=str(task.facts.get("order", ""))).first()
    return {
        "detail": attempt.notes if attempt else task.notes if task.held_by_id == by.pk else "",
        "order": order.pk if order else None,
        "severity": "moderate",
    }

"""Causes: what made us fail many at once. One decision, and a personal apology to each."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Role
from apps.accounts.permissions import role_required
from apps.apologies import services
from apps.apologies.clusters import grouped_incidents
from apps.apologies.models import Cause, Incident, OfferStatus
from apps.apologies.refusals import Refused
from apps.apologies.services.many import Approvals
from apps.core.http import Request, errors_of
from apps.core.statuses import Conflict

from .forms import DecisionForm, GroupForm, ImprovementForm, NameForm, ShownForm
from .page import cause_context, causes_context

OPENED = "{name} is one cause now. Decide once what each of them is given."
DECIDED = "{count} offers give the same now. Somebody else approves them with one decision."
NONE_CHANGED = "The decision is kept. No offer waits for it yet: new ones follow it."
LINKED = "Linked. Letters that nobody has changed say so from now on."
NAMED = "The cause is named: {name}."
REMOVED = "{name} is no longer one of them. Their offer stays as it is."
APPROVED = "{count} approved, each with its own seal. The calls are open."
SECONDING = "{count} wait for a second approval."
REFUSED = "{name}: {reason}"
REFUSALS_SHOWN = 5
managers = role_required(Role.MANAGER)


@require_safe
@managers
def causes(request: Request) -> HttpResponse:
    return render(request, "desk/causes.html", causes_context(request.user, now=timezone.now()))


@require_safe
@managers
def cause(request: Request, pk: int) -> HttpResponse:
    return render(request, "desk/cause.html", cause_context(_cause(request, pk), request.user))


@require_POST
@managers
def open_cause(request: Request) -> HttpResponse:
    form = GroupForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_of(form))
        return redirect("desk:causes")
    facts = form.cleaned_data
    now = timezone.now()
    found = grouped_incidents(facts["kind"], facts["carrier"], facts["promised_on"], now=now)
    opened = services.open_cause(
        facts["name"],
        incidents=found,
        carrier=facts["carrier"],
        by=request.user,
        now=now,
    )
    messages.info(request, OPENED.format(name=opened))
    return redirect("desk:cause", opened.pk)


@require_POST
@managers
def decide_cause(request: Request, pk: int) -> HttpResponse:
    row, form = _cause(request, pk), DecisionForm(request.POST)
    if not form.is_valid():
        return _refused(request, row, decision=form)
    try:
        count = services.decide_cause(row, **form.cleaned_data, by=request.user, now=timezone.now())
    except Refused as reason:
        form.add_error("departure" if "Say why" in str(reason) else None, str(reason))
        return _refused(request, row, decision=form)
    messages.info(request, DECIDED.format(count=count) if count else NONE_CHANGED)
    return redirect("desk:cause", pk)


@require_POST
@managers
def approve_cause(request: Request, pk: int) -> HttpResponse:
    form = ShownForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_of(form))
        return redirect("desk:cause", pk)
    shown = (form.cleaned_data["count"], form.cleaned_data["amount"])
    try:
        result = services.approve_cause(_cause(request, pk), by=request.user, now=timezone.now(), shown=shown)
    except (Refused, Conflict) as reason:
        messages.error(request, str(reason))
    else:
        _tell(request, result)
    return redirect("desk:cause", pk)


@require_POST
@managers
def link_improvement(request: Request, pk: int) -> HttpResponse:
    row, form = _cause(request, pk), ImprovementForm(request.POST)
    if not form.is_valid():
        return _refused(request, row, improvement=form)
    services.link_improvement(row, **form.cleaned_data, by=request.user, now=timezone.now())
    messages.info(request, LINKED)
    return redirect("desk:cause", pk)


@require_POST
@managers
def name_cause(request: Request, pk: int) -> HttpResponse:
    """From an offer that may not go out before its cause has a name."""
    incident, form = _incident(request, pk), NameForm(request.POST)
    if form.is_valid():
        named = services.name_cause(incident, form.cleaned_data["name"], by=request.user, now=timezone.now())
        messages.info(request, NAMED.format(name=named))
    else:
        messages.error(request, " ".join(map(str, form.errors["name"])))
    offer = incident.offers.order_by("-proposed_at").first()
    return redirect("desk:offer", offer.pk) if offer else redirect("desk:customer", incident.customer_id)


@require_POST
@managers
def remove_incident(request: Request, pk: int) -> HttpResponse:
    incident = _incident(request, pk)
    if incident.cause is None:
        return redirect("desk:causes")
    cause = incident.cause
    try:
        services.remove_incident(cause, incident, by=request.user, now=timezone.now())
    except Conflict as reason:
        messages.error(request, str(reason))
    else:
        messages.info(request, REMOVED.format(name=incident.customer))
    return redirect("desk:cause", cause.pk)


def _cause(request: Request, pk: int) -> Cause:
    return get_object_or_404(Cause.objects.visible_to(request.user).select_related("improvement"), pk=pk)


def _incident(request: Request, pk: int) -> Incident:
    related = ["customer", "order", "cause"]
    return get_object_or_404(Incident.objects.visible_to(request.user).select_related(*related), pk=pk)


def _refused(request: Request, row: Cause, **failed: Any) -> HttpResponse:
    context = cause_context(row, request.user, **failed)
    return render(request, "desk/cause.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _tell(request: Request, result: Approvals) -> None:
    approved = sum(offer.status == OfferStatus.APPROVED for offer in result.done)
    seconding = len(result.done) - approved
    if approved:
        messages.success(request, APPROVED.format(count=approved))
    if seconding:
        messages.info(request, SECONDING.format(count=seconding))
    for offer, reason in result.left[:REFUSALS_SHOWN]:
        messages.error(request, REFUSED.format(name=offer.incident.customer, reason=reason))

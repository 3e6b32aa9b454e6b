"""Offers to decide: the letter, the amount, the evidence, and the decision; the next one opens by itself."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import Role
from apps.accounts.permissions import role_required
from apps.apologies import services
from apps.apologies.models import Offer
from apps.apologies.refusals import Refused
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.core.templatetags.ui import money
from apps.writing.boxes import keep_verdicts, only_check, show_findings

from .drawer import drawer_of
from .forms import DeclineForm, OfferForm, ReturnForm, VersionForm
from .queue import list_context, next_to_decide, tab_of, tabs_for

APPROVED = "{amount} for {name} is approved. The call is open."
RETURNED = "Returned: {name}’s offer can be changed now."
DECLINED = "Declined: nothing is owed to {name}, and why is on record."
EDITED = "Changed. Somebody else decides on it now."


@require_GET
def approvals(request: Request) -> HttpResponse:
    tabs = tabs_for(request.user)
    current = next((tab for tab in tabs if tab.code == request.GET.get("tab")), tabs[0])
    return render(request, "desk/approvals.html", list_context(tabs, current))


@require_GET
def offer(request: Request, pk: int) -> HttpResponse:
    return _page(request, _offer(request, pk))


@require_POST
@role_required(Role.MANAGER)
def approve_offer(request: Request, pk: int) -> HttpResponse:
    row, form = _offer(request, pk), VersionForm(request.POST)
    words = APPROVED.format(amount=money(row.amount, row.currency), name=row.incident.customer)
    return _decide(request, row, form, services.approve, words)


@require_POST
@role_required(Role.MANAGER)
def return_offer(request: Request, pk: int) -> HttpResponse:
    row, form = _offer(request, pk), ReturnForm(request.POST)
    words = RETURNED.format(name=row.incident.customer)
    return _decide(request, row, form, services.return_offer, words, "reason", form_name="return_form")


@require_POST
@role_required(Role.MANAGER)
def decline_offer(request: Request, pk: int) -> HttpResponse:
    row, form = _offer(request, pk), DeclineForm(request.POST)
    words = DECLINED.format(name=row.incident.customer)
    return _decide(request, row, form, services.decline, words, "note", form_name="decline_form")


@require_POST
@role_required(Role.REP, Role.MANAGER)
def edit_offer(request: Request, pk: int) -> HttpResponse:
    row, form, now = _offer(request, pk), OfferForm(request.POST), timezone.now()
    if only_check(request.POST) or not form.is_valid():
        return _page(request, row, edit_form=form)
    try:
        services.edit_offer(row, **form.cleaned_data, by=request.user, now=now)
    except Refused as reason:
        form.add_error("amount" if "order" in str(reason) else None, str(reason))
        return _page(request, _offer(request, pk), edit_form=form)
    except Conflict as reason:
        form.add_error(None, str(reason))
        return _page(request, _offer(request, pk), edit_form=form)
    keep_verdicts(form, about=row, by=request.user, now=now, saved={"words": row.words})
    messages.info(request, EDITED)
    return redirect("desk:offer", pk)


def _decide(
    request: Request,
    row: Offer,
    form: forms.Form,
    verb: Callable[..., None],
    words: str,
    field: str = "",
    form_name: str = "",
) -> HttpResponse:
    """Run one decision; say what happened, and open the next offer."""
    if not form.is_valid():
        return _page(request, row, **{form_name: form}) if form_name else redirect("desk:offer", row.pk)
    given = {field: form.cleaned_data[field]} if field else {}
    try:
        verb(row, by=request.user, now=timezone.now(), version=form.cleaned_data["version"], **given)
    except Conflict as reason:
        messages.error(request, str(reason))
        return redirect("desk:offer", row.pk)
    messages.info(request, words)
    following = next_to_decide(request.user, after=row)
    return redirect("desk:offer", following.pk) if following else redirect("desk:approvals")


def _offer(request: Request, pk: int) -> Offer:
    related = ["incident__customer", "incident__order", "incident__reported_by", "task__team"]
    offers = Offer.objects.visible_to(request.user).select_related(*related, "proposed_by", "decided_by")
    return get_object_or_404(offers, pk=pk)


def _page(request: Request, row: Offer, **failed: Any) -> HttpResponse:
    tabs = tabs_for(request.user)
    asked = request.GET.get("do", "") or next(iter(failed), "").removesuffix("_form")
    version = {"version": row.version}
    edit_form = failed.get("edit_form") or OfferForm.of(row)
    drawer = drawer_of(row, request.user, now=timezone.now())
    if asked == "edit" or (drawer.may_edit and drawer.kept):
        show_findings(edit_form, by=request.user, about=row)
    context = list_context(tabs, tab_of(row, tabs, request.user)) | {
        "offer": row,
        "drawer": drawer,
        "return_form": ReturnForm(initial=version),
        "decline_form": DeclineForm(initial=version),
        "edit_form": edit_form,
        "asked": asked,
        **failed,
    }
    refused = failed and not only_check(request.POST)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "desk/approvals.html", context, status=status)

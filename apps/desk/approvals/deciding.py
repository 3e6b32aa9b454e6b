"""The decisions on an offer: each is one form and one verb; then the next offer opens by itself."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.apologies import services
from apps.apologies.models import Offer, OfferStatus
from apps.apologies.refusals import Refused
from apps.apologies.ways import goes_first
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.core.templatetags.ui import money
from apps.worklist.models import Reach
from apps.writing.boxes import keep_verdicts, only_check

from .forms import (
    ChosenForm,
    DeclineForm,
    HandOverForm,
    LowerForm,
    OfferForm,
    ReturnForm,
    VersionForm,
    WithdrawForm,
)
from .page import offer_page, open_offer
from .queue import next_to_decide

APPROVED = "{amount} for {name} is approved. The call is open."
IN_WRITING = "{amount} for {name} is approved. Its letter can be sent."
FIRST = "{amount} for {name} is approved. Its letter goes first, then the call."
LATER = "{amount} for {name} is approved. The call opens at its moment."
SECOND = "You approved {amount} for {name}. A second person has to as well."
RETURNED = "Returned: {name}’s offer can be changed now."
DECLINED = "Declined: nothing is owed to {name}, and why is on record."
WITHDRAWN = "Taken back. {name} is still owed an apology: write another offer."
HANDED_OVER = "{name}’s offer lies on {to}’s desk now."
EDITED = "Changed. Somebody else decides on it now."
MANY = "{count} approved."
LEFT = "{name}: {why}"


@require_POST
@role_required(Role.MANAGER)
def approve_offer(request: Request, pk: int) -> HttpResponse:
    return _decide(request, open_offer(request, pk), VersionForm(request.POST), services.approve)


@require_POST
@role_required(Role.MANAGER)
def lower_offer(request: Request, pk: int) -> HttpResponse:
    return _decide(
        request, open_offer(request, pk), LowerForm(request.POST), services.approve_lower, "lower_form"
    )


@require_POST
@role_required(Role.MANAGER)
def return_offer(request: Request, pk: int) -> HttpResponse:
    return _decide(
        request, open_offer(request, pk), ReturnForm(request.POST), services.return_offer, "return_form"
    )


@require_POST
@role_required(Role.MANAGER)
def decline_offer(request: Request, pk: int) -> HttpResponse:
    return _decide(
        request, open_offer(request, pk), DeclineForm(request.POST), services.decline, "decline_form"
    )


@require_POST
@role_required(Role.REP, Role.MANAGER)
def withdraw_offer(request: Request, pk: int) -> HttpResponse:
    return _decide(
        request, open_offer(request, pk), WithdrawForm(request.POST), services.withdraw_offer, "withdraw_form"
    )


@require_POST
@role_required(Role.MANAGER)
def hand_over_offer(request: Request, pk: int) -> HttpResponse:
    row = open_offer(request, pk)
    form = HandOverForm(request.POST, offer=row, by=request.user, shop=Shop.current(), now=timezone.now())
    return _decide(request, row, form, services.delegate, "hand_over_form")


@require_POST
@role_required(Role.REP, Role.MANAGER)
def edit_offer(request: Request, pk: int) -> HttpResponse:
    row, form, now = open_offer(request, pk), OfferForm(request.POST), timezone.now()
    with timezone.override(request.user.zone(Shop.current())):
        is_valid = form.is_valid()
    if only_check(request.POST) or not is_valid:
        return offer_page(request, row, edit_form=form)
    try:
        services.edit_offer(row, **form.facts(), by=request.user, now=now)
    except (Refused, Conflict) as reason:
        form.add_error("amount" if "order" in str(reason) else None, str(reason))
        return offer_page(request, open_offer(request, pk), edit_form=form)
    keep_verdicts(form, about=row, by=request.user, now=now, saved={"words": row.words})
    messages.info(request, EDITED)
    return redirect("desk:offer", pk)


@require_POST
@role_required(Role.MANAGER)
def approve_chosen(request: Request) -> HttpResponse:
    """Those that were chosen in the list, each by its own approval."""
    form = ChosenForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["chosen"])))
        return redirect("desk:approvals")
    versions = form.cleaned_data["chosen"]
    seen = Offer.objects.visible_to(request.user).filter(pk__in=versions).order_by("due_at", "pk")
    chosen = [(offer, versions[offer.pk]) for offer in seen.select_related("incident__customer")]
    result = services.approve_many(chosen, by=request.user, now=timezone.now())
    if result.done:
        messages.info(request, MANY.format(count=len(result.done)))
    for offer, why in result.left:
        messages.error(request, LEFT.format(name=offer.incident.customer, why=why))
    return redirect("desk:approvals")


def _decide(
    request: Request, row: Offer, form: forms.Form, verb: Callable[..., None], form_name: str = ""
) -> HttpResponse:
    """Run one decision; say what happened, and open the next offer."""
    if not form.is_valid():
        return offer_page(request, row, **{form_name: form}) if form_name else redirect("desk:offer", row.pk)
    given = {name: value for name, value in form.cleaned_data.items() if name != "chip"}
    now = timezone.now()
    try:
        verb(row, by=request.user, now=now, **given)
    except Refused as reason:
        return _refused(request, row.pk, form, form_name, str(reason))
    except Conflict as reason:
        messages.error(request, str(reason))
        return redirect("desk:offer", row.pk)
    messages.info(request, _said(row, form_name, given, is_later=bool(row.moment and row.moment > now)))
    following = next_to_decide(request.user, after=row)
    return redirect("desk:offer", following.pk) if following else redirect("desk:approvals")


def _approved(row: Offer) -> str:
    if goes_first(row):
        return FIRST
    return IN_WRITING if row.channel in {Reach.EMAIL, Reach.POST} else APPROVED


def _refused(request: Request, pk: int, form: forms.Form, form_name: str, why: str) -> HttpResponse:
    """Above a limit, or not possible as it was asked for: in the form, where there is one."""
    if not form_name:
        messages.error(request, why)
        return redirect("desk:offer", pk)
    form.add_error(None, why)
    return offer_page(request, open_offer(request, pk), **{form_name: form})


def _said(row: Offer, form_name: str, given: dict[str, Any], *, is_later: bool) -> str:
    words = {
        "return_form": RETURNED,
        "decline_form": DECLINED,
        "withdraw_form": WITHDRAWN,
        "hand_over_form": HANDED_OVER,
    }.get(form_name)
    if words is None and row.status == OfferStatus.SECONDING:
        words = SECOND
    words = words or (LATER if is_later else _approved(row))
    amount = money(row.amount, row.currency)
    return words.format(amount=amount, name=row.incident.customer, to=given.get("to", ""))

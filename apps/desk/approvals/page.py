"""The one page of approvals: a list of offers, and the open one with its decisions."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.accounts.models import Shop
from apps.apologies.models import Offer
from apps.core.http import Request
from apps.writing.boxes import only_check, show_findings

from .drawer import drawer_of
from .forms import (
    AnswerForm,
    DeclineForm,
    HandOverForm,
    LowerForm,
    OfferForm,
    ReturnForm,
    TakeBackForm,
    WithdrawForm,
)
from .letter_state import shown_letter
from .queue import list_context, tab_of, tabs_for

PEOPLE = ["proposed_by", "decided_by", "first_approved_by", "approver"]


def open_offer(request: Request, pk: int) -> Offer:
    """The offer with all that its page tells, if this person may see it."""
    related = ["incident__customer", "incident__order", "incident__reported_by", "task__team"]
    related += ["incident__cause", "incident__colleague"]
    offers = Offer.objects.visible_to(request.user).select_related(*related, *PEOPLE)
    return get_object_or_404(offers, pk=pk)


def offer_page(request: Request, row: Offer, **failed: Any) -> HttpResponse:
    """`failed`: a form that has to be shown again, by its name (`return_form`). In the viewer's zone."""
    shop = Shop.current()
    with timezone.override(request.user.zone(shop)):
        return _page(request, row, shop, failed)


def _page(request: Request, row: Offer, shop: Shop, failed: dict[str, Any]) -> HttpResponse:
    tabs, now = tabs_for(request.user), timezone.now()
    asked = next(iter(failed), "").removesuffix("_form") or request.GET.get("do", "")
    edit_form = failed.get("edit_form") or OfferForm.of(row)
    drawer = drawer_of(row, request.user, now=now)
    if asked == "edit" or (drawer.may_edit and drawer.kept):
        show_findings(edit_form, by=request.user, about=row)
    context = list_context(tabs, tab_of(row, tabs, request.user)) | {
        "offer": row,
        "drawer": drawer,
        "letter": shown_letter(row, request.user, zone=request.user.zone(shop), now=now),
        "answer_form": AnswerForm(auto_id="answer_%s"),
        "take_back_form": TakeBackForm(auto_id="take_back_%s", initial={"given": drawer.given_pk}),
        "edit_form": edit_form,
        "asked": asked,
        **_forms(request, row, shop, now),
        **failed,
    }
    refused = failed and not only_check(request.POST)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "desk/approvals.html", context, status=status)


def _forms(request: Request, row: Offer, shop: Shop, now: datetime) -> dict[str, Any]:
    """Each with the version that the page shows."""
    initial = {"version": row.version}
    return {
        "return_form": ReturnForm(initial=initial),
        "lower_form": LowerForm(initial=initial),
        "decline_form": DeclineForm(initial=initial),
        "withdraw_form": WithdrawForm(initial=initial),
        "hand_over_form": HandOverForm(offer=row, by=request.user, shop=shop, now=now, initial=initial),
    }

"""Taking back what an offer gave: a manager's word, with its reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.models import Role
from apps.accounts.permissions import role_required
from apps.apologies import services
from apps.apologies.models import OfferStatus
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.core.templatetags.ui import money

from .forms import TakeBackForm
from .page import offer_page, open_offer

TAKEN_BACK = "{amount} given to {name} is taken back, and its money is free again."
CHANGE_IT = "Change the offer before anybody calls: as it stands it gives nothing."
NOTHING_GIVEN = "Nothing stands that this offer gave, so there is nothing to take back."


@require_POST
@role_required(Role.MANAGER)
def take_back_given(request: Request, pk: int) -> HttpResponse:
    row, form = open_offer(request, pk), TakeBackForm(request.POST, auto_id="take_back_%s")
    if not form.is_valid():
        return offer_page(request, row, take_back_form=form)
    given = row.given.filter(pk=form.cleaned_data["given"]).first()
    if given is None:
        messages.error(request, NOTHING_GIVEN)
        return redirect("desk:offer", pk)
    try:
        services.reverse(given, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except Conflict as reason:
        messages.error(request, str(reason))
        return redirect("desk:offer", pk)
    said = TAKEN_BACK.format(amount=money(given.amount, given.currency), name=row.incident.customer)
    messages.info(request, f"{said} {CHANGE_IT}" if row.status == OfferStatus.APPROVED else said)
    return redirect("desk:offer", pk)

"""The letter of an offer on paper, and what the customer answers to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.apologies import services
from apps.apologies.letter_words import card_or_copy, subject_of
from apps.apologies.models import Offer, OfferStatus
from apps.apologies.printing import Sheet, address_of, paragraphs_of, pdf_of
from apps.apologies.refusals import Refused
from apps.core.http import Request
from apps.core.moments import day_words
from apps.core.statuses import Conflict

from .forms import AnswerForm
from .page import open_offer

OPEN_AGAIN = "Kept. {name}’s apology is open again, and comes before all else."
NOT_APPROVED = "Only an approved letter is printed: this one can still change."


@require_GET
@role_required(Role.REP, Role.MANAGER)
def letter_pdf(request: Request, pk: int) -> HttpResponse:
    """As it goes out, or went: with the code only once it was given; before that, a copy that says so."""
    offer = open_offer(request, pk)
    if offer.status not in {OfferStatus.APPROVED, OfferStatus.DELIVERED}:
        messages.error(request, NOT_APPROVED)
        return redirect("desk:offer", pk)
    name = f"letter-{offer.pk}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf_of(_sheet(offer)), content_type="application/pdf", headers=headers)


@require_POST
@role_required(Role.REP, Role.MANAGER)
def print_letter(request: Request, pk: int) -> HttpResponse:
    """For the post: what it gives is given now, since its code stands on the paper."""
    offer = open_offer(request, pk)
    try:
        services.print_letter(offer, by=request.user, now=timezone.now())
    except (Conflict, Refused) as reason:
        messages.error(request, str(reason))
        return redirect("desk:offer", pk)
    return redirect("desk:letter_pdf", pk)


@require_POST
@role_required(Role.REP, Role.MANAGER)
def they_answered(request: Request, pk: int) -> HttpResponse:
    offer, form = open_offer(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["text"])))
        return redirect("desk:offer", pk)
    try:
        services.hear_back(offer, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    except Conflict as reason:
        messages.error(request, str(reason))
    else:
        messages.info(request, OPEN_AGAIN.format(name=offer.incident.customer))
    return redirect("desk:offer", pk)


def _sheet(offer: Offer) -> Sheet:
    shop, letter = Shop.current(), services.live_letter(offer)
    given = offer.given.standing().first()
    at = letter.made_at if letter else timezone.now()
    return Sheet(
        shop=shop.name or "Your shop",
        address=address_of(offer.incident.customer, home=shop.country),
        day=day_words(shop.day_of(at)),
        subject=letter.subject if letter else subject_of(offer),
        paragraphs=paragraphs_of(offer.words),
        card=card_or_copy(offer, given),
    )

"""The letter of an offer on paper, and what the customer answers to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.apologies.models import Offer, OfferStatus
from apps.apologies.letter_words import card_or_copy, subject_of
from apps.apologies.printing import Sheet, address_of, paragraphs_of, pdf_of
from apps.apologies.services import hear_back, live_letter
from apps.core.http import Request
from apps.core.moments import day_words

from .forms import AnswerForm
from .page import open_offer

OPEN_AGAIN = "Kept. {name}’s apology is open again, and comes before all else."
NOT_APPROVED = "Only an approved letter is printed: this one can still change."


@require_GET
@role_required(Role.REP, Role.MANAGER)
def letter_pdf(request: Request, pk: int) -> HttpResponse:
    """As it goes out, or went: with the code only once it was given."""
    offer = open_offer(request, pk)
    if offer.status not in {OfferStatus.APPROVED, OfferStatus.DELIVERED}:
        messages.error(request, NOT_APPROVED)
        return redirect("desk:offer", pk)
    name = f"letter-{offer.pk}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf_of(_sheet(offer)), content_type="application/pdf", headers=headers)


@require_POST
@role_required(Role.REP, Role.MANAGER)
def they_answered(request: Request, pk: int) -> HttpResponse:
    offer, form = open_offer(request, pk), AnswerForm(request.POST)
    if offer.status != OfferStatus.DELIVERED or not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("text", []))) or NOT_APPROVED)
        return redirect("desk:offer", pk)
    hear_back(offer, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    messages.info(request, OPEN_AGAIN.format(name=offer.incident.customer))
    return redirect("desk:offer", pk)


def _sheet(offer: Offer) -> Sheet:
    shop, letter = Shop.current(), live_letter(offer)
    given = offer.given.exclude(status="reversed").first()
    at = letter.made_at if letter else timezone.now()
    return Sheet(
        shop=shop.name or "Your shop",
        address=address_of(offer.incident.customer, home=shop.country),
        day=day_words(at.astimezone(shop.zone).date()),
        subject=letter.subject if letter else subject_of(offer),
        paragraphs=paragraphs_of(offer.words),
        card=card_of(given),
    )

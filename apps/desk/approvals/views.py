"""Offers to decide: the letter, the amount, the evidence, and the decision."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.core.http import Request

from .page import offer_page, open_offer
from .queue import list_context, tabs_for


@require_GET
def approvals(request: Request) -> HttpResponse:
    tabs = tabs_for(request.user)
    current = next((tab for tab in tabs if tab.code == request.GET.get("tab")), tabs[0])
    return render(request, "desk/approvals.html", list_context(tabs, current))


@require_GET
def offer(request: Request, pk: int) -> HttpResponse:
    return offer_page(request, open_offer(request, pk))

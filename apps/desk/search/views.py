from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.models import Shop
from apps.core.http import Request

from .finding import find


@require_safe
def search(request: Request) -> HttpResponse:
    """Customers and places by a few letters: a page, or its list for the dialog over any page."""
    words = request.GET.get("q", "").strip()[:100]
    template = "desk/_found.html" if request.htmx else "desk/search.html"
    return render(
        request, template, {"words": words, "found": find(words, user=request.user, shop=Shop.current())}
    )

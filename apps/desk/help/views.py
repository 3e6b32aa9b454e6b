from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.http import Request
from apps.language.phrases import phrase_cards


@require_safe
def help_page(request: Request) -> HttpResponse:
    """The plays, the outcomes, the keys, and the words of care: one page to read in five minutes."""
    return render(request, "desk/help.html")


@require_safe
def phrases_page(request: Request) -> HttpResponse:
    """What to say in a hard talk, step by step: the cards that stand beside a recovery call."""
    return render(request, "desk/phrases.html", {"cards": phrase_cards()})

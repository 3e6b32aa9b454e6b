from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.http import Request


@require_safe
def help_page(request: Request) -> HttpResponse:
    """The plays, the outcomes, the keys, and the words of care: one page to read in five minutes."""
    return render(request, "desk/help.html")

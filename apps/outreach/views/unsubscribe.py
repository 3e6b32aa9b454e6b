"""The page behind the link in optional mail, and the one click of a mail program (RFC 8058)."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..services.suppressing import is_suppressed
from ..services.unsubscribing import unsubscribe
from ..unsubscribing import masked, message_of


@csrf_exempt  # a mail program posts without a cookie: the token is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """A GET only shows: scanners of links open it. Every POST unsubscribes, at once, with no redirect."""
    message = message_of(token)
    if message is None:
        raise Http404
    if request.method == "POST":
        unsubscribe(message, now=timezone.now())
    done = is_suppressed(message.to_address, optional=True)
    facts = {"done": done, "address": masked(message.to_address)}
    return render(request, "mail/unsubscribe.html", facts)

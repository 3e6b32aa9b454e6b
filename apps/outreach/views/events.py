"""The provider's event webhook: prove it, keep it as it came, answer; a worker reads it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..services.events import keep_call
from ..signature import NotSetUp, Refused, proven

LARGEST = 1024 * 1024  # bytes: the provider's own limit for a list is 768 kB


@csrf_exempt
@login_not_required
@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """204 once it is kept. Whatever else goes wrong is a 5xx, and the provider calls again for a day."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    now = timezone.now()
    try:
        signed = proven(request.body, request.headers, key=settings.SENDGRID_WEBHOOK_KEY, now=now)
    except NotSetUp as fault:
        return HttpResponse(str(fault), status=503, content_type="text/plain")
    except Refused:
        return HttpResponse(status=401)
    keep_call(signed, now=now)
    return HttpResponse(status=204)

"""The door for customers' mails: the provider posts each as a form. What it must not lose is never a 4xx."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..inbound_form import fields_of
from ..services.replies import keep_mail

LARGEST = 35 * 1024 * 1024  # bytes: the provider takes no mail above 30 MB
NOT_PARSED = "No headers came. At the provider, untick 'POST the raw, full MIME message'."


@csrf_exempt
@login_not_required
@require_POST
def replies(request: HttpRequest, secret: str) -> HttpResponse:
    """204 once it is kept. The provider drops a mail at any 4xx, and tries again for three days at a 5xx."""
    ours = settings.SENDGRID_REPLY_SECRET
    if not ours or not constant_time_compare(secret, ours):
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    if request.content_type != "multipart/form-data":
        return HttpResponse(status=400)
    fields = fields_of(request)
    if "headers" not in fields:
        return HttpResponse(NOT_PARSED, status=503, content_type="text/plain")
    keep_mail(fields, now=timezone.now())
    return HttpResponse(status=204)

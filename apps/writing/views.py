from http import HTTPStatus

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.core.http import Request

from .answers import answers_in
from .checking import findings_of
from .forms import DraftForm
from .shown import shown_of
from .widgets import findings_context

LARGEST = 256 * 1024  # bytes of a request: a longest draft in any script, and its answers
TOO_LARGE = "This draft is too long to be checked."


@sensitive_post_parameters()
@never_cache
@require_POST
def check_draft(request: Request) -> HttpResponse:
    """The findings of a draft, for the page that it is being written on. Nothing of it is kept."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(TOO_LARGE, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, content_type="text/plain")
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    draft = form.cleaned_data
    found = findings_of(draft["text"], channel=draft["channel"], play=draft["play"], by=request.user)
    shown = shown_of(draft["text"], found, answers_in(request.POST, draft["name"]), by=request.user)
    context = findings_context(draft["name"], shown)
    return HttpResponse(render_to_string("writing/_findings.html", context))  # no frame around it to ask for

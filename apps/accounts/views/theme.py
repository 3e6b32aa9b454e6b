from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.core.http import Request

from ..theme import keep_theme


@require_POST
def theme(request: Request) -> HttpResponse:
    """Keep the theme that was pressed, and show the same page again in it."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    keep_theme(response, request.POST.get("theme", ""), secure=settings.BEHIND_TLS)
    return response

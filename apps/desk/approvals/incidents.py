"""A manager's word on a problem, from the customer's page: nothing is owed, or it is after all."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.models import Role
from apps.accounts.permissions import role_required
from apps.apologies import services
from apps.apologies.models import Incident
from apps.core.http import Request
from apps.core.statuses import Conflict

from .forms import CaseForm

CLOSED = "Closed. Nothing is owed for it, and why is on record."
REOPENED = "Open again. An apology is owed, and waits for a decision."


@require_POST
@role_required(Role.MANAGER)
def close_incident(request: Request, pk: int) -> HttpResponse:
    return _say(request, pk, services.resolve_incident, CLOSED)


@require_POST
@role_required(Role.MANAGER)
def reopen_incident(request: Request, pk: int) -> HttpResponse:
    return _say(request, pk, services.reopen_incident, REOPENED)


def _say(request: Request, pk: int, verb: Callable[..., None], words: str) -> HttpResponse:
    """Both are one reason and one verb; both come back to the customer."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user), pk=pk)
    form = CaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return redirect("desk:customer", incident.customer_id)
    try:
        verb(incident, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.info(request, words)
    return redirect("desk:customer", incident.customer_id)

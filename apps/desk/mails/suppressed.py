"""Addresses that get no mail, or no optional mail, and why; managers lift them with a reason."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Role
from apps.accounts.permissions import is_manager, role_required
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.outreach import services
from apps.outreach.models import Suppression

from .forms import LiftForm

PER_PAGE = 50
LIFTED = "{address} may get mail again."


@require_safe
def suppressed(request: Request) -> HttpResponse:
    """In the order of their addresses, which is that of the index; a page begins after the last one seen."""
    words = request.GET.get("q", "").strip().lower()[:100]
    after = request.GET.get("after", "").lower()[:254]
    rows = Suppression.objects.filter(lifted_at=None).select_related("message")
    rows = rows.filter(address__startswith=words) if words else rows
    if after:
        scope = request.GET.get("scope", "")
        rows = rows.filter(address__gte=after).filter(Q(address__gt=after) | Q(scope__gt=scope))
    found = list(rows.order_by("address", "scope")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    last = shown[-1] if len(found) > PER_PAGE else None
    older = {"q": words, "after": last.address, "scope": last.scope} if last else {}
    context = {
        "rows": shown,
        "words": words,
        "more_url": f"?{urlencode(older)}" if older else "",
        "may_lift": is_manager(request.user),
    }
    return render(request, "desk/suppressed.html", context)


@require_POST
@role_required(Role.MANAGER)
def lift(request: Request, pk: int) -> HttpResponseBase:
    row, form = get_object_or_404(Suppression, pk=pk), LiftForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return redirect("desk:suppressed")
    try:
        services.lift(row, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
    except (ValueError, Conflict) as reason:
        messages.error(request, str(reason))
    else:
        messages.info(request, LIFTED.format(address=row.address))
    return redirect("desk:suppressed")

"""What a customer wrote sounds like a failure of ours: one key says that it is, another that it is not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.models import Role
from apps.accounts.permissions import role_required
from apps.apologies import services
from apps.apologies.services.confirming import heard_and_open
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.feedback.models import FeedbackItem

CONFIRMED = "{name} is owed an apology: it goes to a manager with the next pass."
DISMISSED = "Noted: not our failure. It is not asked again."
SETTLED = "This was settled meanwhile. Nothing to do."


@require_POST
@role_required(Role.REP, Role.MANAGER)
def confirm_failure(request: Request, pk: int) -> HttpResponse:
    item = _item(request, pk)
    kind = heard_and_open(item)
    if kind is None:
        messages.info(request, SETTLED)
        return redirect("desk:feedback_item", pk)
    try:
        services.confirm_heard(item, kind=kind, by=request.user, now=timezone.now())
    except Conflict as reason:
        messages.error(request, str(reason))
    else:
        messages.info(request, CONFIRMED.format(name=item.customer))
    return redirect("desk:feedback_item", pk)


@require_POST
@role_required(Role.REP, Role.MANAGER)
def dismiss_failure(request: Request, pk: int) -> HttpResponse:
    services.dismiss_heard(_item(request, pk), by=request.user, now=timezone.now())
    messages.info(request, DISMISSED)
    return redirect("desk:feedback_item", pk)


def _item(request: Request, pk: int) -> FeedbackItem:
    items = FeedbackItem.objects.on_the_desk_of(request.user).select_related("customer", "order")
    return get_object_or_404(items, pk=pk)

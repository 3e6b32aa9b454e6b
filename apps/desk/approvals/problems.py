"""Reporting a problem by hand: what went wrong, how bad, with which order."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Role
from apps.accounts.permissions import role_required
from apps.apologies.models import IncidentKind, Severity
from apps.apologies.services import report_incident
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.customers.models import Customer
from apps.desk.problem_form import ProblemForm
from apps.feedback.models import FeedbackItem

KEPT = "Kept. {name} is owed an apology: it goes to a manager with the next pass."


@require_http_methods(["GET", "POST"])
@role_required(Role.REP, Role.MANAGER)
def report_problem(request: Request, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    told = _told(request, customer)
    is_report = request.method == "POST" and "kind" in request.POST
    form = ProblemForm(
        request.POST if is_report else None, customer=customer, initial=_prefilled(request, told)
    )
    if not (is_report and form.is_valid()):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_report else HTTPStatus.OK
        context = {"form": form, "customer": customer, "told": told, "next": _back(request)}
        return render(request, "desk/report_incident.html", context, status=status)
    try:
        report_incident(customer, **form.cleaned_data, feedback=told, by=request.user, now=timezone.now())
    except Conflict as reason:
        messages.error(request, str(reason))
        return redirect(request.get_full_path())
    messages.info(request, KEPT.format(name=customer))
    if _back(request):
        return redirect(_back(request))
    return redirect("desk:feedback_item", told.pk) if told else redirect("desk:customer", customer.pk)


def _told(request: Request, customer: Customer) -> FeedbackItem | None:
    """The feedback that this report begins with."""
    key = request.POST.get("feedback") or request.GET.get("feedback") or ""
    items = FeedbackItem.objects.visible_to(request.user).filter(customer=customer)
    return items.filter(pk=key).first() if key.isdecimal() else None


def _prefilled(request: Request, told: FeedbackItem | None) -> dict[str, Any]:
    """From a call (query or post) or from what the customer wrote."""
    asked = request.GET.dict() | request.POST.dict()
    facts: dict[str, Any] = {"severity": Severity.MODERATE}
    if told:
        facts |= {"detail": told.text or told.title, "order": told.order_id}
    if asked.get("kind") in IncidentKind.values:
        facts["kind"] = asked["kind"]
    if asked.get("severity") in Severity.values:
        facts["severity"] = asked["severity"]
    if asked.get("order", "").isdecimal():
        facts["order"] = asked["order"]
    return facts | ({"detail": asked["detail"]} if asked.get("detail") else {})


def _back(request: Request) -> str:
    """Where to go afterwards, if it is a page of ours."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    return url if is_ours else ""

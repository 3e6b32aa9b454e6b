"""Looking customers up, and the page of one."""

from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Shop
from apps.core.http import Request
from apps.core.statuses import Conflict
from apps.customers import services
from apps.customers.models import Customer
from apps.customers.search import SHORTEST, SHOWN, find_customers, recent_customers
from apps.writing.boxes import keep_verdicts, only_check

from .forms import NoteForm, PermissionsForm
from .page import page_of

NOTE_SAVED = "Note on {customer} saved."
PERMISSIONS_SAVED = "What we may do for {customer} is kept."


@require_safe
def customers(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    typed = len(words) >= SHORTEST
    shop = Shop.current()
    found = find_customers(words, user=request.user, shop=shop) if typed else recent_customers(request.user)
    context = {"words": words, "typed": typed, "found": found, "limit": SHOWN, "shortest": SHORTEST}
    return render(request, "desk/customers.html", context)


@require_safe
def customer(request: Request, pk: int) -> HttpResponse:
    context = page_of(_customer(request, pk), user=request.user, now=timezone.now())
    return render(request, "desk/customer.html", context)


@require_POST
def write_customer_note(request: Request, pk: int) -> HttpResponse:
    customer, form, now = _customer(request, pk), NoteForm(request.POST), timezone.now()
    checks = only_check(request.POST)
    if form.is_valid() and not checks:
        note, seen = form.cleaned_data["note"], form.cleaned_data["seen"]
        try:
            services.write_note(customer, note=note, seen=seen, by=request.user, now=now)
        except Conflict as reason:
            form.add_error("note", str(reason))
        else:
            keep_verdicts(form, about=customer, by=request.user, now=now)
            messages.info(request, NOTE_SAVED.format(customer=customer))
            return redirect("desk:customer", pk)
    context = page_of(customer, user=request.user, now=now, note_form=form)
    status = HTTPStatus.OK if checks else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "desk/customer.html", context, status=status)


@require_POST
def change_permissions(request: Request, pk: int) -> HttpResponse:
    customer, now = _customer(request, pk), timezone.now()
    form = PermissionsForm(request.POST, customer=customer)
    if not form.is_valid():
        context = page_of(customer, user=request.user, now=now, permissions_form=form)
        return render(request, "desk/customer.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    with transaction.atomic():
        for channel, purpose, state in form.changes():
            services.set_permission(
                customer,
                channel=channel,
                purpose=purpose,
                state=state,
                origin=form.cleaned_data["origin"],
                by=request.user,
                now=now,
            )
    messages.info(request, PERMISSIONS_SAVED.format(customer=customer))
    return redirect("desk:customer", pk)


def _customer(request: Request, pk: int) -> Customer:
    known = Customer.objects.visible_to(request.user).prefetch_related("permissions")
    return get_object_or_404(known, pk=pk)

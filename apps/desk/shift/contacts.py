"""A contact that a customer began, logged in two keystrokes, and one's own entries of today."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Shop
from apps.core.http import Request
from apps.core.templatetags.ui import duration
from apps.customers.models import Customer
from apps.effort.models import Source, TimeEntry
from apps.effort.services import CHANNELS, correct_contact, log_contact, take_back_time, usual_seconds
from apps.effort.services.contacts import GUESSED

CHOICES = [("phone", "Phone"), ("mail", "Mail"), ("chat", "Chat"), ("visit", "In person")]
MOST_MINUTES = 600
MOST_SHOWN = 200


class ContactForm(forms.Form):
    channel = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, label="How")
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        label="Minutes",
        help_text="Empty takes your usual length for that channel.",
    )
    topic = forms.CharField(required=False, max_length=120, label="What about (optional)")
    customer = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    back = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class MinutesForm(forms.Form):
    minutes = forms.IntegerField(min_value=1, max_value=MOST_MINUTES, label="Minutes")


@require_safe
def contacts(request: Request) -> HttpResponse:
    return _page(request, ContactForm(initial={"channel": "phone"}))


def _page(request: Request, form: ContactForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    today = Shop.current().day_of(now)
    mine = TimeEntry.objects.filter(user=request.user).between(today, today).select_related("customer")
    rows = list(mine.order_by("-started_at", "-pk")[:MOST_SHOWN])
    context = {
        "form": form,
        "rows": rows,
        "guessed": GUESSED,
        "total": mine.aggregate(total=Sum("seconds", default=0))["total"],
        "usual": [(label, usual_seconds(request.user, code, now=now)) for code, label in CHOICES],
    }
    return render(request, "desk/contacts.html", context, status=status)


@require_POST
def log(request: Request) -> HttpResponse:
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    facts = form.cleaned_data
    entry = log_contact(
        request.user,
        channel=facts["channel"],
        now=timezone.now(),
        minutes=facts["minutes"],
        customer=_customer(request, facts),
        topic=facts["topic"],
    )
    words = f"Logged {duration(entry.seconds)} {CHANNELS[entry.channel]}."
    if not facts["minutes"]:
        words += " That is your usual length."
    undo = reverse("desk:take_back_contact", args=[entry.pk])
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return _back(request, facts)


def _customer(request: Request, facts: dict[str, Any]) -> Customer | None:
    """The customer that the form names, or on whose page the panel was opened."""
    pk = facts["customer"] or _customer_of_page(facts["back"])
    return Customer.objects.visible_to(request.user).filter(pk=pk).first() if pk else None


def _customer_of_page(path: str) -> int | None:
    try:
        match = resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return None
    return match.kwargs.get("pk") if match.view_name == "desk:customer" else None


def _back(request: Request, facts: dict[str, Any]) -> HttpResponseRedirect:
    """To the page where the panel was opened, if that is one of ours."""
    back = facts.get("back") or ""
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and not urlsplit(back).netloc:
        return HttpResponseRedirect(back)
    return redirect("desk:contacts")


@require_POST
def correct(request: Request, pk: int) -> HttpResponse:
    entry = get_object_or_404(_logged(request), pk=pk)
    form = MinutesForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Write the minutes as a whole number from 1 to {MOST_MINUTES}.")
        return redirect("desk:contacts")
    correct_contact(entry, minutes=form.cleaned_data["minutes"], by=request.user, now=timezone.now())
    messages.success(request, f"It counts as {duration(entry.seconds)} now.")
    return redirect("desk:contacts")


@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    entry = get_object_or_404(_logged(request), pk=pk)
    take_back_time(entry, by=request.user, now=timezone.now())
    messages.success(request, "Taken back: that contact no longer counts.")
    return _back(request, {"back": _referer(request)})


def _logged(request: Request) -> Any:
    """One's own contacts logged by hand, of the last two days: older ones are in the figures."""
    since = timezone.now() - timedelta(days=2)
    return TimeEntry.objects.filter(user=request.user, source=Source.LOGGED, started_at__gte=since)


def _referer(request: Request) -> str:
    """The path of the page that the Undo was pressed on."""
    return urlsplit(request.headers.get("Referer", "")).path

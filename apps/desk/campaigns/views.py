"""Campaigns: what each does, its preview before it is switched on, and its settings."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.campaigns.models import Campaign, Refusal
from apps.campaigns.registry import play_for
from apps.campaigns.services import change_settings, switch_off, switch_on
from apps.core.csv_export import csv_response
from apps.core.http import Request
from apps.writing.boxes import keep_verdicts, only_check, show_findings

from .forms import ALLOWED, SettingsForm
from .overview import overview
from .preview import listed, outcome_labels, preview_of
from .words import words_for

HEADER = ["customer", "name", "occasion", "outcome", "why"]
REFUSALS = 8
ON = "{name} is on. Each pass from now on finds who is due."
OFF = "{name} is off. Nobody new comes in; tasks that stand stay with their people."
SAVED = "Saved. The number below is counted with it."
FIELDS = {
    "when_fields": ["starts_at", "backfill", "backfill_days", "holdout_percent"],
    "work_fields": ["team", "tasks_per_day", "minutes_per_task"],
    "text_fields": ["goal", "opening_line", "talk_points", "gestures"],
}
planners_only = role_required(Role.MARKETER, Role.MANAGER)


@require_GET
@planners_only
def campaigns(request: Request) -> HttpResponseBase:
    rows = overview()
    return render(
        request, "desk/campaigns.html", {"rows": rows, "on": sum(row.campaign.is_on for row in rows)}
    )


@require_GET
@planners_only
def campaign(request: Request, pk: int) -> HttpResponseBase:
    chosen, now = get_object_or_404(Campaign.objects.select_related("team"), pk=pk), timezone.now()
    preview = preview_of(chosen, now, who=request.GET.get("who", "").strip()[:200])
    words, play = words_for(chosen.play), play_for(chosen.play)
    return render(
        request,
        "desk/campaign.html",
        {
            "campaign": chosen,
            "play": play,
            "preview": preview,
            "title": words.title(preview.total, is_on=chosen.is_on),
            "words": words,
            "start_at": _start(chosen, now),
            "shop_zone": Shop.current().zone,
            "refusals": _recent_refusals(chosen),
        },
    )


@require_http_methods(["GET", "POST"])
@planners_only
def settings(request: Request, pk: int) -> HttpResponseBase:
    chosen = get_object_or_404(Campaign, pk=pk)
    shop, now = Shop.current(), timezone.now()
    with timezone.override(shop.zone):
        form = SettingsForm(request.POST or None, campaign=chosen)
        if form.is_valid() and not only_check(request.POST):
            change_settings(chosen, by=request.user, now=now, **form.cleaned_data)
            keep_verdicts(form, about=chosen, by=request.user, now=now)
            messages.info(request, SAVED)
            return redirect("desk:campaign", pk)
        show_findings(form, by=request.user, about=chosen)
        context = {"campaign": chosen, "form": form, "allowed": ALLOWED, "shop_zone": shop.zone, **FIELDS}
        return render(request, "desk/campaign_settings.html", context)


@require_POST
@planners_only
def on(request: Request, pk: int) -> HttpResponseBase:
    chosen = get_object_or_404(Campaign, pk=pk)
    switch_on(chosen, by=request.user, now=timezone.now())
    messages.info(request, ON.format(name=chosen.name))
    return redirect("desk:campaign", pk)


@require_POST
@planners_only
def off(request: Request, pk: int) -> HttpResponseBase:
    chosen = get_object_or_404(Campaign, pk=pk)
    switch_off(chosen, by=request.user, now=timezone.now())
    messages.info(request, OFF.format(name=chosen.name))
    return redirect("desk:campaign", pk)


@require_GET
@planners_only
def list_csv(request: Request, pk: int) -> HttpResponseBase:
    chosen = get_object_or_404(Campaign, pk=pk)
    return csv_response(
        f"{chosen.play}.csv", HEADER, listed(chosen, timezone.now(), request.GET.get("outcome", ""))
    )


def _start(campaign: Campaign, now: datetime) -> datetime:
    """The moment from which it runs, for the button that says so."""
    return max(campaign.starts_at or now, now)


def _recent_refusals(campaign: Campaign) -> list[tuple[Refusal, str]]:
    labels = outcome_labels()
    rows = Refusal.objects.filter(campaign=campaign).exclude(reason="before_start").select_related("customer")
    return [(row, labels.get(row.reason, row.reason)) for row in rows.order_by("-pk")[:REFUSALS]]

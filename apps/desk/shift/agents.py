"""Whose time an unknown help desk agent's is: a manager says so."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, Min, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Role, User
from apps.accounts.permissions import role_required
from apps.core.http import Request
from apps.effort.models import AgentName, TimeEntry
from apps.effort.services import match_agent, part_agent

MOST_SHOWN = 100


class MatchForm(forms.Form):
    agent = forms.CharField(max_length=160, widget=forms.HiddenInput)
    user = forms.ModelChoiceField(User.objects.filter(is_active=True), empty_label="Choose a person")


@require_safe
@role_required(Role.MANAGER)
def agents(request: Request) -> HttpResponse:
    unmatched = (
        TimeEntry.objects.unmatched()
        .order_by()
        .values("agent")
        .annotate(number=Count("pk"), seconds=Sum("seconds"), first=Min("day"), last=Max("day"))
        .order_by("-seconds", "agent")[:MOST_SHOWN]
    )
    context = {
        "unmatched": list(unmatched),
        "people": User.objects.filter(is_active=True),
        "matched": AgentName.objects.select_related("user"),
    }
    return render(request, "desk/shift_agents.html", context)


@require_POST
@role_required(Role.MANAGER)
def match(request: Request) -> HttpResponse:
    form = MatchForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose whose time it is first.")
        return redirect("desk:agents")
    agent, user = form.cleaned_data["agent"], form.cleaned_data["user"]
    moved = match_agent(agent, user, by=request.user, now=timezone.now())
    entries = "1 entry is" if moved == 1 else f"{moved:,} entries are"
    messages.success(request, f"{entries} {user.name}’s now, and so is what {agent} logs from here on.")
    return redirect("desk:agents")


@require_POST
@role_required(Role.MANAGER)
def part(request: Request, pk: int) -> HttpResponse:
    alias = get_object_or_404(AgentName, pk=pk)
    moved = part_agent(alias, by=request.user, now=timezone.now())
    entries = "1 entry is" if moved == 1 else f"{moved:,} entries are"
    messages.success(request, f"{entries} unmatched again.")
    return redirect("desk:agents")

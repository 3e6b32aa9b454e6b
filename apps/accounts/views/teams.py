from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.http import Request

from ..forms.person import TeamForm
from ..models import Role, Team
from ..permissions import role_required
from ..services import add_team, delete_team, rename_team


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def teams(request: Request) -> HttpResponse:
    """The teams with their sizes, and a line to add one."""
    form = TeamForm(request.POST or None)
    if form.is_valid():
        team = add_team(name=form.cleaned_data["name"], by=request.user, now=timezone.now())
        messages.info(request, f"{team.name} is a team now. Put people into it on their pages.")
        return redirect("accounts:teams")
    working = Count("members", filter=Q(members__is_active=True))
    rows = Team.objects.annotate(people=working)
    return render(request, "accounts/teams.html", {"form": form, "teams": rows})


@require_POST
@role_required(Role.ADMIN)
def rename(request: Request, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST, team=team)
    if form.is_valid():
        rename_team(team, name=form.cleaned_data["name"], by=request.user, now=timezone.now())
        messages.info(request, f"The team is called {team.name} now.")
    else:
        messages.error(request, " ".join(map(str, form.errors["name"])))
    return redirect("accounts:teams")


@require_POST
@role_required(Role.ADMIN)
def delete(request: Request, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    name = team.name
    delete_team(team, by=request.user, now=timezone.now())
    messages.info(request, f"{name} is no team any more. Its people and tasks belong to no team now.")
    return redirect("accounts:teams")

"""How good the rules are: what writers made of the findings of each."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import Role
from apps.accounts.permissions import is_manager, role_required
from apps.core.http import Request
from apps.writing.report import ENOUGH, rule_figures

from .tabs import tabs

DAYS = {28: "4 weeks", 91: "13 weeks", 365: "A year"}
USUAL = 91


@require_safe
@role_required(Role.MANAGER, Role.MARKETER)
def rules(request: Request) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(each) for each in DAYS} else USUAL
    rows = rule_figures(since=timezone.now() - timedelta(days=days))
    context = {
        "tabs": tabs(request.user, "desk:rules"),
        "spans": [{"url": f"?days={n}", "name": name, "current": n == days} for n, name in DAYS.items()],
        "span": DAYS[days].lower(),
        "rows": rows,
        "known": any(row.precision is not None for row in rows),
        "bad": sum(row.is_bad for row in rows),
        "enough": ENOUGH,
        "may_read": is_manager(request.user),
    }
    return render(request, "desk/rules.html", context)

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import Role, Shop
from apps.core.http import Request
from apps.desk.places import DECIDERS

from . import lists, side
from .headline import headline
from .rows import Row, Viewer


@require_safe
def today(request: Request) -> HttpResponse:
    """The rep's day. A marketer has no queue: theirs is the shift board."""
    if request.user.role == Role.MARKETER:
        return redirect("desk:shift")
    viewer = viewer_of(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in lists.TABS else "mine"
    return render(request, "desk/today.html", page(viewer, tab))


def viewer_of(request: Request) -> Viewer:
    shop = Shop.current()
    setattr(request, "shop", shop)  # noqa: B010 - the frame asks for it too
    return Viewer(request.user, shop, request.user.zone(shop), timezone.now())


def page(viewer: Viewer, tab: str) -> dict[str, Any]:
    pools = lists.pools(viewer)
    mine = lists.mine(viewer, pools)
    attempts = lists.attempts_today(viewer)
    shown = lists.team(viewer, pools) if tab == "team" else mine
    shown = lists.put_off(viewer, pools) if tab == "snoozed" else shown
    team_count, snoozed_count = lists.counts(viewer, pools)
    sizes = {"mine": len(mine), "team": team_count, "snoozed": snoozed_count, "done": len(attempts)}
    return {
        "tab": tab,
        "tabs": tabs(tab, sizes),
        "groups": lists.grouped(shown) if tab == "mine" else [],
        "rows": shown,
        "attempts": attempts,
        "headline": headline(mine, viewer),
        "decides": viewer.user.role in DECIDERS,
        "start": start_of(mine, viewer),
        "more_in_team": max(team_count - len(mine), 0),
        "share": side.day_share(viewer),
        "promises": side.promises(mine),
        "kind_word": side.kind_word(attempts),
        "heard_count": side.heard_today(attempts),
    }


def tabs(current: str, sizes: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"url": f"?tab={code}", "name": name, "count": sizes[code], "current": code == current}
        for code, name in lists.TABS.items()
    ]


def start_of(rows: list[Row], viewer: Viewer) -> dict[str, Any]:
    """What the one big button does: go on, start calls, answer, or say when the next window opens."""
    by_group: dict[str, Row] = {}
    for row in rows:
        by_group.setdefault(row.group, row)
    return {
        "open": by_group.get("open"),
        "can_call": lists.first_in_line(rows, viewer) is not None,
        "reply": by_group.get("replies"),
        "later": by_group.get("later"),
    }

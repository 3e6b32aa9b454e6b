"""The tabs of the approvals page: to decide, with others, came back, decided."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import UNDECIDED, Offer, OfferStatus
from apps.apologies.permissions import DECIDING_ROLES, came_back, takes_part
from apps.apologies.querysets import OfferQuerySet
from apps.core.bounded import bounded_counts

SHOWN = 50
LIMIT = 100
DECIDED = [OfferStatus.APPROVED, OfferStatus.DECLINED, OfferStatus.DELIVERED]


@dataclass(frozen=True)
class Tab:
    code: str
    name: str
    offers: OfferQuerySet
    is_counted: bool = True


def tabs_for(user: User) -> list[Tab]:
    """What a manager proposed or approved first waits for others; a rep decides nothing.

    `mine` are those that were put on one's own desk: they stand among all that one may decide on, too.
    """
    seen = Offer.objects.visible_to(user)
    waiting = seen.undecided().order_by("due_at", "pk")
    returned = seen.came_back().order_by("due_at", "pk")
    ended = seen.filter(status__in=DECIDED, decided_at__isnull=False)
    decided = ended.order_by(F("decided_at").desc(), "-pk")
    shared = [Tab("returned", "Returned", returned), Tab("decided", "Decided", decided, is_counted=False)]
    if user.role in DECIDING_ROLES:
        decidable = waiting.of_others(user)
        return [
            Tab("decide", "To decide", decidable),
            Tab("mine", "My desk", decidable.filter(approver=user)),
            Tab("others", "With others", waiting.by_themselves(user)),
            *shared,
        ]
    return [Tab("others", "Waiting for a manager", waiting), *shared]


def tab_of(offer: Offer, tabs: list[Tab], user: User) -> Tab:
    code = "decided"
    if offer.status in UNDECIDED:
        waits = takes_part(user, offer) or user.role not in DECIDING_ROLES
        code = "others" if waits else "decide"
    elif came_back(offer):
        code = "returned"
    return next(tab for tab in tabs if tab.code == code)


def list_context(tabs: list[Tab], current: Tab) -> dict[str, Any]:
    """Rows of the current tab with their customers, and bounded counts of all in one query."""
    counted = [tab for tab in tabs if tab.is_counted]
    counts = dict(
        zip(
            [tab.code for tab in counted], bounded_counts([tab.offers for tab in counted], LIMIT), strict=True
        )
    )
    related = ["incident__customer", "incident__order", "proposed_by", "decided_by", "approver"]
    rows = list(current.offers.select_related(*related)[:SHOWN])
    url = reverse("desk:approvals")
    return {
        "rows": rows,
        "tab": current.code,
        "decides": current.code in {"decide", "mine"},
        "count": counts.get(current.code, len(rows)),
        "shown": SHOWN,
        "tabs": [
            {
                "url": f"{url}?tab={tab.code}",
                "name": tab.name,
                "count": counts.get(tab.code) or None,
                "current": tab == current,
            }
            for tab in tabs
            if tab.code != "mine" or tab == current or counts["mine"]
        ],
    }


def next_to_decide(user: User, after: Offer) -> Offer | None:
    tab = tabs_for(user)[0]
    return tab.offers.exclude(pk=after.pk).first() if tab.code == "decide" else None

"""The tabs of the approvals page: to decide, with others, came back, decided."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Offer, OfferStatus
from apps.apologies.permissions import DECIDING_ROLES
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
    """A manager's own proposals wait for others; a rep decides nothing and sees what came back to edit."""
    seen = Offer.objects.visible_to(user)
    proposed = seen.filter(status=OfferStatus.PROPOSED).order_by("due_at", "pk")
    own = Q(proposed_by=user)
    returned = seen.filter(status=OfferStatus.RETURNED).order_by("due_at", "pk")
    decided = seen.filter(status__in=DECIDED).order_by(F("decided_at").desc(), "-pk")
    shared = [Tab("returned", "Returned", returned), Tab("decided", "Decided", decided, is_counted=False)]
    if user.role in DECIDING_ROLES:
        to_decide = Tab("decide", "To decide", proposed.filter(Q(proposed_by=None) | ~own))
        return [to_decide, Tab("others", "With others", proposed.filter(own)), *shared]
    return [Tab("others", "Waiting for a manager", proposed), *shared]


def tab_of(offer: Offer, tabs: list[Tab], user: User) -> Tab:
    code = {OfferStatus.PROPOSED: "decide", OfferStatus.RETURNED: "returned"}.get(OfferStatus(offer.status))
    if code == "decide" and (offer.proposed_by_id == user.pk or user.role not in DECIDING_ROLES):
        code = "others"
    return next(tab for tab in tabs if tab.code == (code or "decided"))


def list_context(tabs: list[Tab], current: Tab) -> dict[str, Any]:
    """Rows of the current tab with their customers, and bounded counts of all in one query."""
    counted = [tab for tab in tabs if tab.is_counted]
    counts = dict(
        zip(
            [tab.code for tab in counted], bounded_counts([tab.offers for tab in counted], LIMIT), strict=True
        )
    )
    related = ["incident__customer", "incident__order", "proposed_by", "decided_by"]
    rows = list(current.offers.select_related(*related)[:SHOWN])
    url = reverse("desk:approvals")
    return {
        "rows": rows,
        "tab": current.code,
        "decides": current.code == "decide",
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
        ],
    }


def next_to_decide(user: User, after: Offer) -> Offer | None:
    tab = tabs_for(user)[0]
    return tab.offers.exclude(pk=after.pk).first() if tab.code == "decide" else None

"""What the frame around every page shows. At most two queries beside session and user: shop, counts."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from apps.accounts.models import Shop, User
from apps.accounts.theme import theme_of

from .places import places_for
from .share_chip import share_today


def frame(request: HttpRequest) -> dict[str, Any]:
    """The shop, the moment, the viewer's zone, the places and the day's share."""
    now = timezone.now()
    facts: dict[str, Any] = {"now": now, "theme": theme_of(request)}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {**facts, "shop": SimpleLazyObject(Shop.current)}
    shop = getattr(request, "shop", None) or Shop.current()
    zone = user.zone(shop)
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    return {
        **facts,
        "shop": shop,
        "zone": zone,
        "zone_name": zone.key.rpartition("/")[2].replace("_", " "),
        "places": places_for(user, view_name, now),
        "share_today": share_today(user, shop, now),
    }

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.core.statuses import record

from ..models import Shop, User
from ..permissions import is_admin
from .changes import apply_changes


@transaction.atomic
def change_shop(shop: Shop, *, values: dict[str, Any], by: User, now: datetime) -> None:
    """Set the shop's name, zone, money, country and hours."""
    if not is_admin(by):
        raise PermissionDenied
    first_time = {} if shop.configured_at else {"configured_at": now}
    changed = apply_changes(shop, {**values, **first_time})
    if changed:
        record(shop, "changed", by=by, now=now, fields=changed)

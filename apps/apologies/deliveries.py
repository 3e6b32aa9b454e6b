"""When apologies reached their customers: their status moved then, and the log kept it."""

from typing import Any

from django.db.models import QuerySet

from apps.core.models import Event

from .models import Offer, OfferStatus


def deliveries_of(offers: Any) -> QuerySet[Event]:
    """The log's entries of these offers (keys, or a query of them), the latest first."""
    moved = Event.objects.filter(subject=Offer._meta.label_lower, to_status=OfferStatus.DELIVERED)
    return moved.filter(subject_id__in=offers).order_by("-at", "-pk")

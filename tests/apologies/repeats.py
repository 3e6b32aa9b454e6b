"""Apologies that a customer heard before, and the system's offer for the next one."""

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.services import propose_missing_offers
from tests import factories


def heard(incident: Incident, times: int, manager: User, now: datetime, *, days_ago: int = 30) -> None:
    for _ in range(times):
        told = factories.make_incident(incident.customer)
        at = now - timedelta(days=days_ago)
        factories.make_offer(told, status="delivered", decided_by=manager, decided_at=at, task=None)


def proposed(now: datetime) -> Offer:
    propose_missing_offers(now=now)
    return Offer.objects.get(status="proposed")

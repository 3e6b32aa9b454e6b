from .incident import (
    NEVER_HAPPENED,
    STRENGTH,
    Incident,
    IncidentKind,
    IncidentStatus,
    Responsibility,
    Severity,
)
from .offer import DECIDED, LIVE, Compensation, Offer, OfferStatus

__all__ = [
    "DECIDED",
    "LIVE",
    "NEVER_HAPPENED",
    "STRENGTH",
    "Compensation",
    "Incident",
    "IncidentKind",
    "IncidentStatus",
    "Offer",
    "OfferStatus",
    "Responsibility",
    "Severity",
]

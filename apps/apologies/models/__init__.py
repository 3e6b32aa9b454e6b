from .incident import STRENGTH, Incident, IncidentKind, IncidentStatus, Responsibility, Severity
from .offer import DECIDED, LIVE, Compensation, Offer, OfferStatus

__all__ = [
    "DECIDED",
    "LIVE",
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

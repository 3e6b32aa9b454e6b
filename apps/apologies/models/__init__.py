from .incident import Incident, IncidentKind, IncidentStatus, Responsibility, Severity
from .offer import Compensation, Offer, OfferStatus

__all__ = [
    "Compensation",
    "Incident",
    "IncidentKind",
    "IncidentStatus",
    "Offer",
    "OfferStatus",
    "Responsibility",
    "Severity",
]

from ..querysets import LIVE
from .cause import Cause
from .compensation import Compensation, CompensationStatus, CouponCode
from .incident import (
    NEVER_HAPPENED,
    STRENGTH,
    CustomerEffort,
    Incident,
    IncidentKind,
    IncidentStatus,
    Responsibility,
    Severity,
)
from .letter import Letter
from .money import Account, Budget, LedgerEntry, Limit
from .offer import DECIDED, UNDECIDED, CompensationKind, LetterBy, Offer, OfferStatus

__all__ = [
    "DECIDED",
    "LIVE",
    "NEVER_HAPPENED",
    "STRENGTH",
    "UNDECIDED",
    "Account",
    "Budget",
    "Cause",
    "Compensation",
    "CompensationKind",
    "CompensationStatus",
    "CouponCode",
    "CustomerEffort",
    "Incident",
    "IncidentKind",
    "IncidentStatus",
    "LedgerEntry",
    "Letter",
    "LetterBy",
    "Limit",
    "Offer",
    "OfferStatus",
    "Responsibility",
    "Severity",
]

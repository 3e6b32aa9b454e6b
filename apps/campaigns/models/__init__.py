from .campaign import Backfill, Campaign
from .enrollment import Arm, Enrollment, Refusal
from .sheet import CallingPlace, Candidate, DueDay, Spender, Verdict

__all__ = [
    "Arm",
    "Backfill",
    "CallingPlace",
    "Campaign",
    "Candidate",
    "DueDay",
    "Enrollment",
    "Refusal",
    "Spender",
    "Verdict",
]

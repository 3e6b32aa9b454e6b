"""The verbs of outreach."""

from .claiming import LET_GO, Claim, claim_mails, sweep_claims
from .looking import mark_as_sent, send_again, set_aside
from .queueing import CannotSend, queue_mail, take_back_mail
from .sending import send_claimed, send_due
from .ticking import tick

__all__ = [
    "LET_GO",
    "CannotSend",
    "Claim",
    "claim_mails",
    "mark_as_sent",
    "queue_mail",
    "send_again",
    "send_claimed",
    "send_due",
    "set_aside",
    "sweep_claims",
    "take_back_mail",
    "tick",
]

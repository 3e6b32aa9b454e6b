"""The verbs of outreach: what is queued, taken back, sent, told by the provider and suppressed."""

from .claiming import LET_GO, Claim, claim_mails, sweep_claims
from .looking import mark_as_not_sent, mark_as_sent, send_again, set_aside
from .queueing import CannotSend, queue_mail, queue_optional_mail, take_back_mail, why_no_mail
from .sending import send_due
from .suppressing import lift, suppress
from .templates import CannotSave, save_template
from .ticking import tick

__all__ = [
    "LET_GO",
    "CannotSave",
    "CannotSend",
    "Claim",
    "claim_mails",
    "lift",
    "mark_as_not_sent",
    "mark_as_sent",
    "queue_mail",
    "queue_optional_mail",
    "save_template",
    "send_again",
    "send_due",
    "set_aside",
    "suppress",
    "sweep_claims",
    "take_back_mail",
    "tick",
    "why_no_mail",
]

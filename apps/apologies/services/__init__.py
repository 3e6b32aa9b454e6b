"""The verbs of apologies.

For the engine's apology play: call `resolve_unfounded(now=at)` before tasks are withdrawn, so that
incidents that turn out never to have happened take their tasks along, `reopen_founded` for those that
happened after all, `refresh_offers` for the offers that no longer fit, and
`propose_missing_offers(now=at)` after tasks were made.
"""

from .answers import hear_back, letter_came_back
from .decisions import approve, decline, edit_offer, return_offer
from .delivery import deliver_offer, take_back_delivery
from .incidents import reopen_incident, report_incident, resolve_incident
from .letters import live_letter
from .proposals import propose_missing_offers
from .refresh import follow_channel, refresh_offers, restore_approval
from .unfounded import reopen_founded, resolve_unfounded

__all__ = [
    "approve",
    "decline",
    "deliver_offer",
    "edit_offer",
    "follow_channel",
    "hear_back",
    "letter_came_back",
    "live_letter",
    "propose_missing_offers",
    "refresh_offers",
    "reopen_founded",
    "reopen_incident",
    "report_incident",
    "resolve_incident",
    "resolve_unfounded",
    "restore_approval",
    "return_offer",
    "take_back_delivery",
]

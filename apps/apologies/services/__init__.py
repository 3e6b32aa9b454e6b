"""The verbs of apologies.

For the engine's apology play: call `resolve_unfounded(now=at)` before tasks are withdrawn, so that
incidents that turn out never to have happened take their tasks along, `reopen_founded` for those that
happened after all, `refresh_offers` for the offers that no longer fit, `follow_apologised` for the orders
that failed worse after their apology, and
`propose_missing_offers(now=at)` after tasks were made.
"""

from .answers import hear_back
from .budgets import commit_money, recount_budgets, release_money
from .causes import (
    add_incidents,
    approvable_of,
    approve_cause,
    decide_cause,
    link_improvement,
    name_cause,
    open_cause,
    remove_incident,
)
from .coming_back import go_another_way, letter_came_back, letter_taken_back
from .compensations import issue, reverse, unissue
from .confirming import confirm_heard, dismiss_heard
from .coupons import add_to_pool, twins_of
from .decisions import approve, approve_lower, decline, return_offer
from .delegating import delegate
from .delivery import (
    call_after_post,
    call_waits_again,
    deliver_offer,
    take_back_delivery,
    tell_by_letter,
)
from .editing import edit_offer
from .exporting import export_ledger
from .following import follow_apologised
from .incidents import reopen_incident, report_incident, resolve_incident
from .lapsing import lapse_approvals
from .letters import is_printed, live_letter, print_letter, send_by_mail
from .limits import check_limits, second_needed
from .many import approve_many
from .proposals import propose_missing_offers
from .redemption import Redemption, Result, expire_compensations, redeem
from .refresh import follow_channel, refresh_offers, restore_approval
from .reminding import remind_approvers
from .unfounded import reopen_founded, resolve_unfounded
from .withdrawing import withdraw_offer

__all__ = [
    "Redemption",
    "Result",
    "add_incidents",
    "add_to_pool",
    "approvable_of",
    "approve",
    "approve_cause",
    "approve_lower",
    "approve_many",
    "call_after_post",
    "call_waits_again",
    "check_limits",
    "commit_money",
    "confirm_heard",
    "decide_cause",
    "decline",
    "delegate",
    "deliver_offer",
    "dismiss_heard",
    "edit_offer",
    "expire_compensations",
    "export_ledger",
    "follow_apologised",
    "follow_channel",
    "go_another_way",
    "hear_back",
    "is_printed",
    "issue",
    "lapse_approvals",
    "letter_came_back",
    "letter_taken_back",
    "link_improvement",
    "live_letter",
    "name_cause",
    "open_cause",
    "print_letter",
    "propose_missing_offers",
    "recount_budgets",
    "redeem",
    "refresh_offers",
    "release_money",
    "remind_approvers",
    "remove_incident",
    "reopen_founded",
    "reopen_incident",
    "report_incident",
    "resolve_incident",
    "resolve_unfounded",
    "restore_approval",
    "return_offer",
    "reverse",
    "second_needed",
    "send_by_mail",
    "take_back_delivery",
    "tell_by_letter",
    "twins_of",
    "unissue",
    "withdraw_offer",
]

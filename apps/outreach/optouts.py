"""Whether a mail may still go, asked right before it does: one plain statement, as every mail waits."""

from enum import Enum
from typing import Any

from django.db import connection

from apps.customers.models import Customer, Purpose

from .models import Message, Scope
from .statements import AS_BEGUN, as_begun

OPTED_OUT = """
    EXISTS (SELECT 1 FROM outreach_suppression
            WHERE address = %s AND lifted_at IS NULL AND scope IN (%s, %s)),
    EXISTS (SELECT 1 FROM customers_permission
            WHERE customer_id = %s AND channel = 'email' AND purpose = %s AND state = 'refused')
"""
OURS = f"EXISTS ({AS_BEGUN})"


class Standing(Enum):
    """Each that closes the door says why, in words."""

    OPEN = ""
    GONE = "It is no longer this worker's."
    SUPPRESSED = "This address gets no mail any more: it came back, or they said so. Reach them another way."
    REFUSED = "They asked not to be written to by e-mail. Reach them another way."


def ask(begun: Message) -> Standing:
    """A live suppression of the address (optional mail heeds more of them), a refusal of this purpose."""
    asked = _asked_of(begun.to_address, begun.customer_id, begun.purpose)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {OURS}, {OPTED_OUT}", [*as_begun(begun), *asked])
        is_ours, is_suppressed, is_refused = cursor.fetchone()
    return _standing(is_suppressed, is_refused) if is_ours else Standing.GONE


def standing_of(customer: Customer, purpose: str) -> Standing:
    """Whether a mail to them could go as things are; it is asked again when it does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {OPTED_OUT}", _asked_of(customer.email, customer.pk, purpose))
        is_suppressed, is_refused = cursor.fetchone()
    return _standing(is_suppressed, is_refused)


def _asked_of(address: str, customer: int, purpose: str) -> list[Any]:
    is_owed = purpose == Purpose.SERVICE
    scopes = [Scope.ALL.value, Scope.ALL.value if is_owed else Scope.OPTIONAL.value]
    return [address.lower(), *scopes, customer, purpose]


def _standing(is_suppressed: bool, is_refused: bool) -> Standing:
    if is_suppressed:
        return Standing.SUPPRESSED
    return Standing.REFUSED if is_refused else Standing.OPEN

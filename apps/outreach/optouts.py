"""Whether a mail may still go, asked right before it does: one plain statement, as every mail waits."""

from enum import Enum

from django.db import connection

from .models import Message, Scope

ASK = """
SELECT
    EXISTS (SELECT 1 FROM outreach_message
            WHERE id = %s AND status = 'sending' AND claim = %s AND began_at = %s),
    EXISTS (SELECT 1 FROM outreach_suppression
            WHERE address = %s AND lifted_at IS NULL AND scope IN (%s, %s)),
    EXISTS (SELECT 1 FROM customers_permission
            WHERE customer_id = %s AND channel = 'email' AND purpose = %s AND state = 'refused')
"""


class Standing(Enum):
    """Each that closes the door says why, in words."""

    OPEN = ""
    GONE = "It is no longer this worker's."
    SUPPRESSED = "This address gets no mail any more: it came back, or they said so. Reach them another way."
    REFUSED = "They asked not to be written to by e-mail. Reach them another way."


def ask(begun: Message) -> Standing:
    """A live suppression of the address (optional mail heeds more of them), a refusal of this purpose."""
    scopes = [Scope.ALL.value, Scope.OPTIONAL.value if begun.is_optional else Scope.ALL.value]
    claim = Message._meta.get_field("claim").get_db_prep_value(begun.claim, connection)
    began_at = connection.ops.adapt_datetimefield_value(begun.began_at)
    values = [begun.pk, claim, began_at, begun.to_address.lower(), *scopes, begun.customer_id, begun.purpose]
    with connection.cursor() as cursor:
        cursor.execute(ASK, values)
        is_ours, is_suppressed, is_refused = cursor.fetchone()
    if not is_ours:
        return Standing.GONE
    if is_suppressed:
        return Standing.SUPPRESSED
    return Standing.REFUSED if is_refused else Standing.OPEN

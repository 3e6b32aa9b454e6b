"""Whether an address or a customer closed the door to a mail: asked in the statement that begins a send."""

from django.db.models import Exists, Q, QuerySet

from apps.customers.models import Channel, Permission

from .models import Message, Scope, Suppression

SUPPRESSED = "This address gets no mail: {why}. Reach them another way, or lift it with a reason."
REFUSED = "They asked not to be written to by e-mail. Reach them another way."


def nobody_opted_out(message: Message) -> Q:
    """A condition on the row: no live suppression of the address, no refusal of this purpose by e-mail."""
    return Q(~Exists(_suppressions(message))) & Q(~Exists(_refusals(message)))


def why_closed(message: Message) -> str:
    """In words for a person; empty if nothing stands against the mail."""
    found = _suppressions(message).order_by("scope").first()
    if found:
        return SUPPRESSED.format(why=found.get_reason_display().lower())
    return REFUSED if _refusals(message).exists() else ""


def _suppressions(message: Message) -> QuerySet[Suppression]:
    scopes = [Scope.ALL, Scope.OPTIONAL] if message.is_optional else [Scope.ALL]
    return Suppression.objects.filter(
        address=message.to_address.lower(), scope__in=scopes, lifted_at__isnull=True
    )


def _refusals(message: Message) -> QuerySet[Permission]:
    return Permission.objects.filter(
        customer_id=message.customer_id,
        channel=Channel.EMAIL,
        purpose=message.purpose,
        state=Permission.State.REFUSED,
    )

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import Conflict, record

from ..models import Customer

NOTE_CHANGED = "Somebody else changed this note a moment ago. Load the page again to see both."


def write_note(customer: Customer, *, note: str, seen: str, by: User, now: datetime) -> None:
    """Replace the note on a customer, unless it is no longer the one that was seen."""
    note = note.strip()
    with transaction.atomic():
        if not Customer.objects.filter(pk=customer.pk, note=seen).update(note=note):
            raise Conflict(NOTE_CHANGED)
        if note != seen:
            record(customer, "note", by=by, now=now)
    customer.note = note

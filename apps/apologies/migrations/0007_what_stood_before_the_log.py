"""What incidents and offers are at this moment goes into their log, which rebuilds them from here on.

An offer costs what it is worth until somebody knows better; an approval is sealed anew over what a seal now holds.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import migrations
from django.db.models import F
from django.utils import timezone

INCIDENT = (
    *("customer_id", "order_id", "feedback_id", "cause_id", "kind", "severity", "responsibility"),
    *("customer_effort", "status", "known_on", "detected_at", "reported_by_id", "resolved_at", "resolution"),
)
OFFER = (
    *("incident_id", "task_id", "for_kind", "for_severity", "for_known_on", "for_arrived", "status"),
    *("words", "compensation", "amount", "cost", "currency", "channel", "letter_by", "letter_first"),
    *("moment", "departure", "proposed_by_id", "proposed_at", "first_approved_by_id"),
    *("first_approved_at", "decided_by_id", "decided_at", "decision_note", "approved_hash", "version"),
    *("due_at", "approver_id", "lapses_at"),
)


def fill(apps, editor):
    incidents, offers = apps.get_model("apologies", "Incident"), apps.get_model("apologies", "Offer")
    event, now = apps.get_model("core", "Event"), timezone.now()
    offers.objects.filter(cost=0).update(cost=F("amount"))
    for offer in offers.objects.exclude(approved_hash="").iterator(1000):
        offers.objects.filter(pk=offer.pk).update(approved_hash=seal_of(offer))
    for model, names in ((incidents, INCIDENT), (offers, OFFER)):
        for chunk in chunks(model.objects.order_by("pk").iterator(1000)):
            event.objects.bulk_create(
                event(
                    at=now,
                    subject=model._meta.label_lower,
                    subject_id=row.pk,
                    verb="baseline",
                    data={"set": {name: plain(getattr(row, name)) for name in names}},
                )
                for row in chunk
            )


def chunks(rows) -> Iterator[list]:
    chunk: list = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == 1000:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def seal_of(offer) -> str:
    approved = [
        *(offer.words, offer.compensation, f"{offer.amount:.2f}", f"{offer.cost:.2f}", offer.currency),
        *(offer.channel, offer.letter_by, offer.letter_first),
        offer.moment.astimezone(UTC).isoformat() if offer.moment else "",
    ]
    return hashlib.sha256(json.dumps(approved).encode()).hexdigest()


def plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


class Migration(migrations.Migration):
    dependencies = [("apologies", "0006_letters"), ("core", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

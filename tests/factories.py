"""Small makers of rows for tests: each gives one saved row with sensible facts, keywords override."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db.models import Model

from apps.accounts.models import Role, Shop, Team, User
from apps.apologies.models import Cause, Incident, IncidentKind, Offer, Severity
from apps.campaigns.models import Campaign, Enrollment
from apps.core.statuses import record
from apps.customers.models import Customer, Order
from apps.feedback.models import FeedbackItem, Improvement
from apps.outreach.models import MailTemplate, Message, Suppression
from apps.worklist.models import CareTask
from apps.writing.models import Verdict

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday
number = count(1)


def make_shop(**fields: Any) -> Shop:
    defaults = {
        "name": "Tern & Thistle",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "country": "DE",
        "configured_at": NOW,
    }
    return Shop.objects.update_or_create(pk=1, defaults={**defaults, **fields})[0]


def make_team(name: str = "Care") -> Team:
    return Team.objects.get_or_create(name=name)[0]


def make_user(role: Role = Role.REP, **fields: Any) -> User:
    """A user without a password: tests sign in with `client.force_login`."""
    n = next(number)
    fields.setdefault("name", f"{role.label} {n}")
    return User.objects.create_user(fields.pop("email", f"{role}{n}@example.com"), role=role, **fields)


def make_customer(**fields: Any) -> Customer:
    n = next(number)
    defaults = {
        "source": "shop",
        "external_id": f"c{n}",
        "name": f"Grace Okafor {n}",
        "phone": "+442079460112",
        "email": f"grace{n}@example.com",
        "country": "GB",
        "time_zone": "Europe/London",
        "created_at": NOW,
    }
    return Customer.objects.create(**{**defaults, **fields})


def make_order(customer: Customer | None = None, **fields: Any) -> Order:
    defaults = {
        "source": "shop",
        "external_id": f"o{next(number)}",
        "placed_at": NOW - timedelta(days=2),
        "status": "paid",
        "total": Decimal("49.50"),
        "items": "Fjell jacket, moss M",
    }
    return Order.objects.create(customer=customer or make_customer(), **{**defaults, **fields})


def make_feedback(customer: Customer | None = None, **fields: Any) -> FeedbackItem:
    defaults = {
        "source": "shop",
        "external_id": f"f{next(number)}",
        "score": 2,
        "text": "The jacket is fine, the wait was not.",
        "received_at": NOW - timedelta(hours=3),
    }
    return FeedbackItem.objects.create(customer=customer or make_customer(), **{**defaults, **fields})


def make_task(customer: Customer | None = None, **fields: Any) -> CareTask:
    n = next(number)
    defaults = {
        "key": f"welcome:{n}",
        "play": "welcome",
        "due_at": NOW + timedelta(hours=6),
        "zone": "Europe/London",
        "calls_from": NOW - timedelta(hours=1),
        "calls_until": NOW + timedelta(hours=10),
        "created_at": NOW - timedelta(hours=1),
    }
    return CareTask.objects.create(customer=customer or make_customer(), **{**defaults, **fields})


def make_incident(customer: Customer | None = None, **fields: Any) -> Incident:
    defaults = {
        "kind": IncidentKind.LATE,
        "severity": Severity.MODERATE,
        "known_on": NOW.date(),
        "detected_at": NOW,
    }
    return Incident.objects.create(customer=customer or make_customer(), **{**defaults, **fields})


def make_improvement(**fields: Any) -> Improvement:
    facts = {"title": "Two people now check each label", "opened_at": NOW, "done_on": NOW.date()}
    return Improvement.objects.create(**{**facts, **fields})


def make_cause(**fields: Any) -> Cause:
    return Cause.objects.create(**{"name": "A storm closed the yard", "opened_at": NOW, **fields})


def make_offer(incident: Incident | None = None, **fields: Any) -> Offer:
    incident = incident or make_incident()
    if "task" not in fields:
        fields["task"] = make_task(incident.customer, play="apology", status="waiting", owed=True, priority=1)
    defaults = {
        "for_kind": incident.kind,
        "for_severity": incident.severity,
        "for_known_on": incident.known_on,
        "words": "Dear Grace,\n\nyour parcel was late, and that was our fault.",
        "compensation": "coupon",
        "amount": Decimal("10.00"),
        "currency": "EUR",
        "proposed_at": NOW,
        "due_at": NOW + timedelta(hours=6),
    }
    return Offer.objects.create(incident=incident, **{**defaults, **fields})


def make_enrollment(task: CareTask, subject_id: int | None = None, **fields: Any) -> Enrollment:
    """What the engine wrote for a task: its play, and the row that the occasion is about."""
    campaign, _ = Campaign.objects.get_or_create(play=task.play, defaults={"name": task.play})
    defaults = {
        "play": task.play,
        "customer": task.customer,
        "occasion": f"case:{next(number)}",
        "subject_id": subject_id,
        "arm": "treatment",
        "occurred_at": NOW - timedelta(days=1),
        "due_at": task.due_at,
        "enrolled_at": NOW,
    }
    return Enrollment.objects.create(campaign=campaign, task=task, **{**defaults, **fields})


def make_message(customer: Customer | None = None, **fields: Any) -> Message:
    """A mail that the provider took a minute ago."""
    customer = customer or make_customer()
    began = NOW - timedelta(minutes=1)
    defaults = {
        "key": f"mail:{next(number)}",
        "category": "welcome",
        "purpose": "recognition",
        "to_address": customer.email,
        "subject": "Thank you",
        "text": "Thank you for your first order.",
        "html": "<p>Thank you for your first order.</p>",
        "status": "sent",
        "send_at": began,
        "began_at": began,
        "sent_at": began,
        "created_at": began,
    }
    return Message.objects.create(customer=customer, **{**defaults, **fields})


def make_verdict(about: Model, by: User | None = None, **fields: Any) -> Verdict:
    """Words of this row's text that were left as they were."""
    defaults = {
        "at": NOW,
        "by": by,
        "subject": about._meta.label_lower,
        "subject_id": about.pk,
        "place": "words",
        "rule": "effort.trying",
        "category": "effort",
        "severity": "stop",
        "choice": "left",
        "words": f"words {next(number)}",
    }
    return Verdict.objects.create(**{**defaults, **fields})


def make_mail(customer: Customer | None = None, **fields: Any) -> Message:
    customer = customer or make_customer()
    defaults = {
        "key": f"mail:{next(number)}",
        "category": "welcome",
        "to_address": customer.email,
        "to_name": customer.name,
        "subject": "Your jacket",
        "text": "Dear Grace,\n\nthank you.",
        "html": "<p>Dear Grace,</p><p>thank you.</p>",
        "send_at": NOW,
        "created_at": NOW,
    }
    mail = Message.objects.create(customer=customer, **{**defaults, **fields})
    record(mail, "queued", by=mail.by, now=mail.created_at, to_status="queued")
    return mail


def make_template(**fields: Any) -> MailTemplate:
    n = next(number)
    defaults = {
        "name": f"Thanks {n}",
        "play": "welcome",
        "subject": "Your order {order}",
        "body": "Dear {first_name|friend},\n\nthank you for {items}.\n\n{rep}",
        "updated_at": NOW,
    }
    return MailTemplate.objects.create(**{**defaults, **fields})


def make_suppression(address: str = "", **fields: Any) -> Suppression:
    defaults = {"scope": "all", "reason": "bounced", "at": NOW}
    address = address or f"gone{next(number)}@example.com"
    return Suppression.objects.create(address=address, **{**defaults, **fields})

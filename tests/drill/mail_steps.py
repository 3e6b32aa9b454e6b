"""What a mail drill does inside the product, each in a process of its own on the drill's database.

`python -m tests.drill.mail_steps fill COUNT`, `report`.
"""

import json
import sys
from datetime import timedelta

import django
from django.utils import timezone

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.models import Count  # noqa: E402
from django_celery_beat.models import PeriodicTask  # noqa: E402

from apps.core.schedules import keep_schedules  # noqa: E402
from apps.customers.models import Customer  # noqa: E402
from apps.outreach.models import Message  # noqa: E402
from apps.outreach.services import queue_mail  # noqa: E402


def fill(count: int) -> None:
    """Queue mails, and leave beat with the outbox's tick alone."""
    now = timezone.now()
    call_command("migrate", verbosity=0)
    keep_schedules()
    PeriodicTask.objects.exclude(task="outreach.tick").update(enabled=False)
    for n in range(count):
        customer = Customer.objects.create(
            source="drill",
            external_id=str(n),
            name=f"Grace {n}",
            email=f"grace{n}@example.com",
            created_at=now,
        )
        queue_mail(
            customer,
            key=f"drill:{n}",
            category="apology",
            subject="Your parcel",
            text="It was late.",
            html="<p>It was late.</p>",
            by=None,
            now=now,
        )


def report() -> None:
    """How every mail stands, by status, and which of them a person is shown."""
    later = timezone.now() + timedelta(minutes=16)
    rows = {
        str(pk): (status, provider_id, tries)
        for pk, status, provider_id, tries in Message.objects.values_list(
            "pk", "status", "provider_id", "tries"
        )
    }
    shown = [str(pk) for pk in Message.objects.needs_a_look(later).values_list("pk", flat=True)]
    counts = dict(Message.objects.order_by().values_list("status").annotate(Count("pk")))
    sys.stdout.write(json.dumps({"rows": rows, "shown": shown, "counts": counts}))


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        report()

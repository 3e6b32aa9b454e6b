"""Sending through the outbox beside the bare SDK, with as many workers, to a local server.

Workers are processes with a connection each. The bare side hands over the same mails, ready in memory, and
writes nothing down; ours claims, sends and records. Both sides take turns in one run, and the best turn of
each counts, since the machine is shared. The server answers in 50 ms; then at once, for the record.

`python -m tests.benchmarks.bench_outbox` runs this bench alone.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import REGULAR, Measure, Size

AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
WORKERS = 2  # as a host has by default
MAILS = 400
TURNS = 3
TIMEOUT = 30
TEXT = "Dear Grace,\n\nyour parcel was late, and that was our fault.\n" * 20
HTML = "<p>Dear Grace,</p><p>your parcel was late, and that was our fault.</p>" * 20


def run(size: Size) -> Iterator[Measure]:
    for delay, limit in ((0.05, 0.9), (0.0, None)):
        bare, ours = [], []
        with provider(delay) as url:
            for _ in range(TURNS):
                bare.append(rate(by_sdk, url))
                queue()
                ours.append(rate(by_outbox, url))
                check()
        name = f"answers in {1000 * delay:.0f} ms" if delay else "answers at once"
        detail = f"{WORKERS} workers: {max(ours):.0f} of {max(bare):.0f} mails a second"
        ratio = max(ours) / max(bare)
        yield Measure(f"outbox of the bare SDK, {name}", ratio, limit, at_least=True, detail=detail)


@contextmanager
def provider(delay: float) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "tests.outreach.provider",
            str(Path(folder) / "notes"),
            "ok=1",
            str(delay),
        ]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout
            yield server.stdout.readline().strip()
        finally:
            server.kill()
            server.wait()
            server.stdout.close()


def queue() -> None:
    from apps.customers.models import Customer
    from apps.outreach.models import Message

    customer, _ = Customer.objects.get_or_create(
        source="bench-mail", external_id="1", defaults={"name": "Grace Okafor", "created_at": AT}
    )
    Message.objects.all().delete()
    Message.objects.bulk_create(
        Message(
            key=f"bench:{n}",
            customer=customer,
            category="apology",
            to_address="grace@example.com",
            to_name="Grace Okafor",
            subject="Your parcel",
            text=TEXT,
            html=HTML,
            send_at=AT + timedelta(seconds=n),
            created_at=AT,
        )
        for n in range(MAILS)
    )


def check() -> None:
    from apps.outreach.models import Message

    assert Message.objects.filter(status="sent").count() == MAILS


def rate(send: Callable[[], int], url: str) -> float:
    """Mails a second from when all workers are ready to when the last is done."""
    from django.db import connections

    connections.close_all()
    context = get_context("fork")
    barrier, sent = context.Barrier(WORKERS + 1), context.SimpleQueue()
    workers = [context.Process(target=worker, args=(send, url, barrier, sent)) for _ in range(WORKERS)]
    for each in workers:
        each.start()
    barrier.wait(60)
    began = time.perf_counter()
    counts = [sent.get() for _ in workers]
    took = time.perf_counter() - began
    for each in workers:
        each.join()
    assert sum(counts) == MAILS, counts
    return MAILS / took


def worker(send: Callable[[], int], url: str, barrier: Barrier, sent: Any) -> None:
    """A worker lives for hours: what it reads and connects to once is outside the clock."""
    from django.conf import settings
    from django.db import connection

    settings.SENDGRID_API_KEY, settings.SENDGRID_HOST = "SG.bench", url
    settings.MAIL_FROM, settings.MAIL_REPLY_TO = "Care <care@example.com>", ""
    settings.MAIL_TIMEOUT = TIMEOUT
    connection.ensure_connection()
    barrier.wait(60)
    sent.put(send())
    connection.close()


def by_sdk() -> int:
    """A worker's share, as the SDK's own guide does it, with a timeout."""
    from django.conf import settings
    from sendgrid import SendGridAPIClient
    from sendgrid.helpers.mail import Category, CustomArg, From, Mail, To

    share = MAILS // WORKERS
    for n in range(share):
        sender, to = From("care@example.com", "Care"), To("grace@example.com", "Grace Okafor")
        mail = Mail(sender, to, "Your parcel", TEXT, HTML)
        mail.add_category(Category("apology"))
        mail.add_custom_arg(CustomArg("message", str(n)))
        sdk = SendGridAPIClient(settings.SENDGRID_API_KEY, host=settings.SENDGRID_HOST)
        sdk.client.timeout = TIMEOUT
        assert sdk.send(mail).status_code == 202
    return share


def by_outbox() -> int:
    from django.utils import timezone

    from apps.outreach.services import send_due

    return send_due(clock=timezone.now, until=timezone.now() + timedelta(minutes=5))


if __name__ == "__main__":
    from .__main__ import measured, prepare_database

    prepare_database()
    missed = [measure for measure in measured("outbox", REGULAR) if not measure.holds]
    sys.exit(1 if missed else 0)

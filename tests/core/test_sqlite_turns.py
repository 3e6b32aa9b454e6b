"""A statement that finds SQLite busy gets its turn, or says in the end that it got none."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from apps.core.models import Heartbeat
from carecrm.sqlite import base
from tests.factories import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite's one writer at a time"),
]


@pytest.fixture
def busy():
    """Somebody else writes, until they are let go."""
    writing, let_go = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Heartbeat.objects.create(name="other", beat_at=NOW)
            writing.set()
            let_go.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writing.wait(10)
    yield let_go
    let_go.set()
    writer.join()


def test_a_statement_waits_for_its_turn(busy: threading.Event) -> None:
    threading.Timer(0.3, busy.set).start()
    began = time.perf_counter()
    Heartbeat.objects.create(name="mine", beat_at=NOW)
    assert 0.2 < time.perf_counter() - began < 5
    assert Heartbeat.objects.count() == 2


def test_a_transaction_waits_for_its_turn(busy: threading.Event) -> None:
    threading.Timer(0.3, busy.set).start()
    with transaction.atomic():
        Heartbeat.objects.filter(name="other").update(name="both")
    assert Heartbeat.objects.get().name == "both"


def test_patience_ends(busy: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "PATIENCE_SECONDS", 0.1)
    with pytest.raises(OperationalError, match="locked"):
        Heartbeat.objects.create(name="mine", beat_at=NOW)

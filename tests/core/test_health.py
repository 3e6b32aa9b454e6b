import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from apps.core.health import readiness
from apps.core.heartbeat import beat, heartbeat_age
from apps.core.models import Heartbeat, QueuedMessage
from apps.core.tasks import beat_task


def test_healthz_answers_without_a_database(client: Client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"ok": True})


@pytest.mark.django_db
def test_readyz_is_ready_when_worker_and_beat_tick(client: Client):
    beat_task()

    answer = client.get("/readyz")

    assert answer.status_code == 200, answer.json()
    assert answer.json()["ok"] is True
    assert set(answer.json()["checks"]) == {"database", "migrations", "broker", "worker"}
    assert answer.json()["dead_messages"] == 0


@pytest.mark.django_db
def test_readyz_is_not_cached(client: Client):
    assert "no-store" in client.get("/readyz")["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_the_health_pages_only_answer_reading(client: Client, page: str):
    assert client.post(page).status_code == 405


@pytest.mark.django_db
def test_readyz_says_that_no_tick_has_run(client: Client):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"]["says"] == "No tick has run yet: are worker and beat started?"


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "ready"), [(119, True), (121, False)])
def test_a_heartbeat_older_than_two_minutes_is_not_ready(age: int, ready: bool):
    now = timezone.now()
    beat(now=now - timedelta(seconds=age))

    assert readiness(now=now).ok is ready


@pytest.mark.django_db
def test_a_late_tick_never_turns_the_heartbeat_back():
    now = timezone.now()
    beat(now=now)
    beat(now=now - timedelta(minutes=5))

    assert heartbeat_age(now=now) == timedelta(0)
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
def test_readyz_counts_dead_messages(client: Client):
    now = timezone.now()
    beat(now=now)
    QueuedMessage.objects.create(queue="celery", payload="{}", visible_at=now, queued_at=now, dead=True)

    assert client.get("/readyz").json()["dead_messages"] == 1


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "apps.core.health.current_app.connection_for_write",
        lambda **options: __import__("kombu").Connection("redis://127.0.0.1:1/0"),
    )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "CELERY_BROKER_URL" in answer.json()["checks"]["broker"]["says"]


@pytest.mark.django_db
def test_waiting_migrations_are_named(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("apps.core.health._all_migrated", _never)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["says"] == "Migrations are waiting: run manage.py migrate."


def test_a_database_that_is_away_is_named(client: Client, monkeypatch: pytest.MonkeyPatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr("apps.core.health.connection.cursor", away)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert list(answer.json()["checks"]) == ["database"]


class _never:  # noqa: N801 - stands in for a cached function
    def __new__(cls) -> bool:
        return False

    @staticmethod
    def cache_clear() -> None: ...


@pytest.mark.django_db
def test_a_probe_that_is_not_ready_logs_no_error(client: Client):
    heard: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert client.get("/readyz").status_code == 503
        assert client.get("/no-such-page").status_code == 404
    finally:
        logger.removeHandler(handler)
    assert heard == ["Not Found: /no-such-page"]

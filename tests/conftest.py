"""The small cast that every test uses: one shop, two teams, the people who may, share and must not see."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker

from apps.accounts.models import Role, Shop, Team, User
from apps.core.events import purging

from . import factories

FLUSH_TRIES = 3


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as the product runs it: in memory, threads are refused where they should wait."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("db") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL drops no database in use, and a thread of a live server may still hold a connection."""
    yield
    # none is made where no test asks for one: then this is a database that is not ours
    is_ours = connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX)
    if connection.vendor == "postgresql" and is_ours:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True, scope="session")
def _redis_is_shared_with_nobody() -> Iterator[None]:
    """Where broker or cache is a Redis, this run's keys carry its name, and are removed after it."""
    name = f"test-{uuid4().hex}-"
    settings.CACHES["default"]["KEY_PREFIX"] = name
    cache.key_prefix = name  # of this thread's, where somebody has used it already
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        yield
        return
    current_app.conf.broker_transport_options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "global_keyprefix": name,
    }
    yield
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as server:
        for key in server.scan_iter(match=f"*{name}*"):
            server.delete(key)


@pytest.fixture(autouse=True, scope="session")
def _the_flush_may_empty_the_event_log() -> Iterator[None]:
    """Transactional tests end in a flush: on SQLite a DELETE, which the append-only log refuses.

    A page that was closed may still be asking the live server for something: PostgreSQL then ends the flush
    as a deadlock, and it is tried again.
    """
    flush = TransactionTestCase._fixture_teardown

    def purge(case: TransactionTestCase) -> None:
        for tries_left in reversed(range(FLUSH_TRIES)):
            try:
                with purging():
                    return flush(case)
            except CommandError as fault:
                if not (tries_left and "deadlock" in str(fault.__cause__)):
                    raise
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", purge)
        yield


@pytest.fixture
def now() -> datetime:
    return factories.NOW


@pytest.fixture
def shop(db: None) -> Shop:
    return factories.make_shop()


@pytest.fixture
def team(shop: Shop) -> Team:
    return factories.make_team()


@pytest.fixture
def rep(team: Team) -> User:
    return factories.make_user(Role.REP, name="Ana Duarte", team=team)


@pytest.fixture
def other_rep(shop: Shop) -> User:
    """Of another team: must not see."""
    return factories.make_user(Role.REP, name="Tom Brook", team=factories.make_team("Stores"))


@pytest.fixture
def manager(team: Team) -> User:
    return factories.make_user(Role.MANAGER, name="Ida Holm", team=team)


@pytest.fixture
def second_manager(team: Team) -> User:
    return factories.make_user(Role.MANAGER, name="Max Weber", team=team)


@pytest.fixture
def marketer(shop: Shop) -> User:
    return factories.make_user(Role.MARKETER, name="Lea Roth")


@pytest.fixture
def admin(shop: Shop) -> User:
    return factories.make_user(Role.ADMIN, name="Jo Admin", is_superuser=True)


@pytest.fixture
def signed_in(client: Client, rep: User) -> Client:
    """The browser of a rep."""
    client.force_login(rep)
    return client

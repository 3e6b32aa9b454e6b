"""Small demo shops. Their people's passwords are hashed fast: argon2 is slow on purpose."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from apps.demo.loading import Demo, load_demo

from ..factories import NOW

Load = Callable[..., Demo]
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def small_demo(*, customers: int = 150, seed: int = 1, now: datetime = NOW, weeks: int = 1) -> Demo:
    """One week of work; keywords override."""
    return load_demo(customers=customers, seed=seed, now=now, progress=lambda done, days: None, weeks=weeks)


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = FAST


@pytest.fixture
def load(db: None) -> Load:
    return small_demo


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Demo]:
    """A demo shop that the module's tests read; taken back after the last of them."""
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=FAST), transaction.atomic():
        yield small_demo(customers=800, weeks=2)
        transaction.set_rollback(True)

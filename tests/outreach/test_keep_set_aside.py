"""Mails that were set aside before their row could say so stay off the list."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from apps.core.statuses import record
from apps.outreach.models import Message
from tests.factories import make_message

pytestmark = pytest.mark.django_db
moved = import_module("apps.outreach.migrations.0003_mails_looked_at")


def test_only_what_was_set_aside_last_is_kept_so(shop: object, now: datetime) -> None:
    aside, again, never = (make_message(status="failed") for _ in range(3))
    for message in (aside, again):
        record(message, "looked_at", by=None, now=now)
    record(again, "failed", by=None, now=now + timedelta(hours=1), to_status="failed")
    moved.keep_what_was_set_aside(apps, connection.schema_editor())
    assert dict(Message.objects.values_list("pk", "looked_at")) == {
        aside.pk: now,
        again.pk: None,
        never.pk: None,
    }
    assert list(Message.objects.needs_a_look(now)) == [again, never]

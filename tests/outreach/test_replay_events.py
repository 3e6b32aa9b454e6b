"""Calls that are read once more: what was missed is made up for, and nothing is undone."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.core.models import Event
from apps.customers.models import Permission
from apps.outreach.models import Message, ProviderEvent, Suppression, WebhookCall
from apps.outreach.services.events import forget_calls, read_calls, replay_calls
from apps.outreach.services.suppressing import lift
from tests.factories import NOW, make_message

from .conftest import Heard, event, keep, state, status_of, tell

pytestmark = pytest.mark.django_db


def test_a_replay_changes_nothing_that_was_read(came_back: Heard) -> None:
    message = make_message()
    tell(event(message, "bounce", 1), event(message, "unsubscribe", 2))
    before = (state(message), Event.objects.count(), len(came_back))
    assert replay_calls(now=NOW + timedelta(days=1)) == 1
    assert (state(message), Event.objects.count(), len(came_back)) == before


def test_a_replay_makes_up_for_what_was_missed() -> None:
    message = make_message()
    tell(event(message, "bounce", 1))
    ProviderEvent.objects.all().delete()
    Suppression.objects.all().delete()
    Message.objects.update(status="sent")
    said = StringIO()
    call_command("mail_events", "--replay", stdout=said)
    assert said.getvalue() == "1 calls read.\n"
    assert (status_of(message), Suppression.objects.count()) == ("bounced", 1)


def test_a_replay_may_begin_at_a_day() -> None:
    keep(event(make_message(), "delivered", 1), at=NOW - timedelta(days=9))
    keep(event(make_message(), "delivered", 2))
    read_calls(now=NOW)
    said = StringIO()
    call_command("mail_events", "--replay", "--since", "2026-03-01", stdout=said)
    assert said.getvalue() == "1 calls read.\n"
    for wrong in ("yesterday", "2026-02-31"):
        with pytest.raises(CommandError, match="is no date"):
            call_command("mail_events", "--replay", "--since", wrong)


def test_a_replay_does_not_undo_what_a_manager_lifted(manager) -> None:
    message = make_message()
    tell(event(message, "bounce", 1))
    lifted = NOW + timedelta(hours=1)
    lift(Suppression.objects.get(), by=manager, now=lifted, reason="The mailbox was full")
    replay_calls(now=lifted + timedelta(hours=1))
    assert not Suppression.objects.filter(lifted_at=None).exists()

    tell(event(message, "spamreport", 7200), now=lifted + timedelta(hours=2))
    assert Suppression.objects.filter(lifted_at=None).get().reason == "spam"


def test_a_replay_does_not_undo_what_the_customer_said_since() -> None:
    message = make_message()
    tell(event(message, "unsubscribe", 1))
    Permission.objects.update(state="given", at=NOW + timedelta(days=1))
    replay_calls(now=NOW + timedelta(days=2))
    assert Permission.objects.get().state == "given"


def test_an_admin_reads_a_call_again(client: Client, admin) -> None:
    call = keep(event(make_message(), "delivered", 1))
    read_calls(now=NOW)
    client.force_login(admin)
    page = reverse("admin:outreach_webhookcall_changelist")
    answer = client.post(page, {"action": "read_selected_again", "_selected_action": [call.pk]}, follow=True)
    call.refresh_from_db()
    assert "1 will be read again." in answer.content.decode()
    assert call.read_at is None
    assert client.post(reverse("admin:outreach_webhookcall_change", args=[call.pk])).status_code == 403


def test_what_was_read_is_forgotten_after_ninety_days_and_its_events_stay() -> None:
    days = timedelta(days=1)
    message = make_message()
    old = keep(event(message, "delivered", 1), at=NOW - 90 * days - timedelta(seconds=1))
    young = keep(event(message, "open", 2), at=NOW - 90 * days)
    read_calls(now=NOW)
    unread = keep(event(message, "click", 3), at=NOW - 200 * days)
    assert forget_calls(now=NOW) == 1
    assert list(WebhookCall.objects.order_by("pk")) == [young, unread]
    assert not WebhookCall.objects.filter(pk=old.pk).exists()
    assert set(ProviderEvent.objects.values_list("kind", "call")) == {("delivered", None), ("open", young.pk)}
    assert forget_calls(now=NOW) == 0

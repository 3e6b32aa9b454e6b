import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.models import Event, QueuedMessage
from apps.core.statuses import record

pytestmark = pytest.mark.django_db
MESSAGES = "admin:core_queuedmessage_changelist"


@pytest.fixture
def admin_client(client: Client, admin) -> Client:
    assert admin.is_staff
    client.force_login(admin)
    return client


@pytest.fixture
def dead() -> QueuedMessage:
    now = timezone.now()
    return QueuedMessage.objects.create(
        queue="celery", payload="{}", task="core.beat", visible_at=now, queued_at=now, dead=True, deliveries=5
    )


def test_an_admin_reads_the_log_and_changes_nothing(admin_client: Client, admin):
    event = record(admin, "signed_in", by=admin, now=timezone.now())
    page = reverse("admin:core_event_change", args=[event.pk])

    assert "signed_in" in admin_client.get(reverse("admin:core_event_changelist")).content.decode()
    assert admin_client.get(page).status_code == 200
    assert admin_client.post(page, {"verb": "hid"}).status_code == 403
    assert admin_client.post(reverse("admin:core_event_delete", args=[event.pk])).status_code == 403
    assert Event.objects.get().verb == "signed_in"


def test_an_admin_queues_dead_messages_again(admin_client: Client, dead: QueuedMessage):
    choice = {"action": "revive_selected", "_selected_action": [dead.pk]}

    answer = admin_client.post(reverse(MESSAGES), choice, follow=True)

    dead.refresh_from_db()
    assert (dead.dead, dead.deliveries) == (False, 0)
    assert "1 queued again." in answer.content.decode()


def test_a_rep_does_not_get_there(signed_in: Client, dead: QueuedMessage):
    assert signed_in.get(reverse(MESSAGES)).status_code == 302
    signed_in.post(reverse(MESSAGES), {"action": "revive_selected", "_selected_action": [dead.pk]})

    dead.refresh_from_db()
    assert dead.dead

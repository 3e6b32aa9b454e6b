import pytest
from django.db import IntegrityError, connection, transaction

from apps.core.events import purging
from apps.core.models import Event
from apps.core.statuses import record


@pytest.fixture
def event(rep, now) -> Event:
    return record(rep, "signed_in", by=rep, now=now)


@pytest.mark.django_db
def test_an_event_is_never_changed(event: Event):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(reason="something else")
    with purging(), pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(reason="something else")

    event.refresh_from_db()
    assert event.reason == ""


@pytest.mark.django_db
def test_an_event_is_not_deleted_by_any_route(event: Event):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_event")

    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_events_go_inside_purging_only(event: Event, rep, now):
    with purging():
        Event.objects.all().delete()
    record(rep, "signed_in", by=rep, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.all().delete()


@pytest.mark.django_db
def test_a_purge_that_fails_deletes_nothing_and_leaves_no_door_open(event: Event):
    with pytest.raises(ZeroDivisionError), purging():
        Event.objects.all().delete()
        raise ZeroDivisionError

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_purging_ends_with_its_block(event: Event):
    with pytest.raises(IntegrityError), transaction.atomic():
        with purging():
            pass
        Event.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_purging_needs_no_transaction_around_it(event: Event):
    with purging():
        Event.objects.all().delete()

    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_next_transactional_test_starts_with_an_empty_log(event: Event):
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_the_triggers_are_there():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'event_%'")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'core_event'"
            )
        names = {name for (name,) in cursor.fetchall()}

    assert names == (
        {"event_stays"} if connection.vendor == "postgresql" else {"event_stays", "event_never_changes"}
    )

"""Files uploaded on the page go in by a worker, and the page tells how it went."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.customers.imports.customers import PHONE_NOTE
from apps.customers.models import Customer, Order
from apps.integrations.models import ImportRun
from apps.integrations.uploads import run_import, start_import, sweep_imports
from tests.factories import NOW

GOOD = b"order_id,customer_id,placed_at,total\n1,c1,2026-01-05,10.00\n2,c1,2026-02-30,10.00\n"
STATE = ImportRun.State


def upload(content: bytes = GOOD, name: str = "orders.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


@pytest.fixture
def started(manager: User, shop: Shop) -> ImportRun:
    return start_import(source="web", files={"orders": upload()}, options={}, by=manager, now=NOW)


def test_a_manager_uploads_and_a_worker_imports(client: Client, manager: User, shop: Shop) -> None:
    client.force_login(manager)

    response = client.post(reverse("desk:imports"), {"source": "web", "orders": upload()})

    run = ImportRun.objects.get()
    assert response["Location"] == reverse("desk:import_run", args=[run.pk])
    assert (run.state, run.by, run.files) == (STATE.WAITING, manager, {"orders": "orders.csv"})
    run_import(run.pk, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.rows_read) == (STATE.DONE, 3)  # two orders, and the customer made from one
    assert Order.objects.count() == 1


def test_the_report_tells_counts_reasons_and_gives_the_rejects(
    client: Client, manager: User, started: ImportRun
) -> None:
    client.force_login(manager)
    run_import(started.pk, now=NOW)

    page = client.get(reverse("desk:import_run", args=[started.pk])).content.decode()
    rejects = client.get(reverse("desk:import_rejects", args=[started.pk]))

    assert "placed_at is not a date" in page
    assert rejects["Content-Disposition"].startswith("attachment")
    assert b"2026-02-30" in b"".join(rejects.streaming_content)  # type: ignore[attr-defined]


def test_the_report_names_lines_that_lack_something(client: Client, manager: User, shop: Shop) -> None:
    client.force_login(manager)
    files = {"customers": upload(b"customer_id,phone\nc1,030 901820\nc2,none\nc3,12\n", "customers.csv")}
    run = start_import(source="web", files=files, options={}, by=manager, now=NOW)
    run_import(run.pk, now=NOW)

    page = client.get(reverse("desk:import_run", args=[run.pk])).content.decode()

    assert f"2 {PHONE_NOTE} (customers, lines 3, 4). Their rows are in." in page


def test_a_running_import_asks_again_by_itself_until_it_ends(
    client: Client, manager: User, started: ImportRun
) -> None:
    client.force_login(manager)
    url = reverse("desk:import_run", args=[started.pk])

    waiting = client.get(url, headers={"HX-Request": "true"})
    run_import(started.pk, now=NOW)
    ended = client.get(url, headers={"HX-Request": "true"})

    assert "hx-get" in waiting.content.decode()
    assert "hx-get" not in ended.content.decode()


def test_a_run_that_ended_is_left_alone(started: ImportRun) -> None:
    ImportRun.objects.filter(pk=started.pk).update(state=STATE.FAILED)

    run_import(started.pk, now=NOW)

    assert not Customer.objects.exists()


def test_a_message_that_comes_back_begins_the_dead_worker_s_run_again(started: ImportRun) -> None:
    ImportRun.objects.filter(pk=started.pk).update(state=STATE.RUNNING)

    run_import(started.pk, now=NOW)

    started.refresh_from_db()
    assert (started.state, Order.objects.count()) == (STATE.DONE, 1)


def test_a_run_whose_worker_died_fails_with_what_to_do(
    client: Client, manager: User, started: ImportRun
) -> None:
    half_way = {"now": "orders", "part": 0.5, "seen_at": NOW.isoformat()}
    ImportRun.objects.filter(pk=started.pk).update(state=STATE.RUNNING, rows_read=500, report=half_way)

    assert sweep_imports(now=NOW + timedelta(minutes=19))["failed"] == 0
    assert sweep_imports(now=NOW + timedelta(minutes=20))["failed"] == 1
    assert sweep_imports(now=NOW + timedelta(minutes=21))["failed"] == 0

    client.force_login(manager)
    page = client.get(reverse("desk:import_run", args=[started.pk])).content.decode()
    assert "Broken off after 500 rows" in page
    assert "Start the import again with the same files" in page
    assert not Path(settings.DATA_FOLDER, "uploads", started.options["folder"]).exists()


def test_a_run_whose_nudge_was_lost_is_asked_for_again(
    started: ImportRun, django_capture_on_commit_callbacks: Any
) -> None:
    assert sweep_imports(now=NOW + timedelta(minutes=4))["asked_again"] == 0
    with django_capture_on_commit_callbacks() as nudges:
        assert sweep_imports(now=NOW + timedelta(minutes=5))["asked_again"] == 1
    assert len(nudges) == 1


def test_an_unusable_file_fails_the_run_with_its_reason(client: Client, manager: User, shop: Shop) -> None:
    client.force_login(manager)
    files = {"orders": upload(b"a,b\n1,2\n")}
    run = start_import(source="web", files=files, options={}, by=manager, now=NOW)

    run_import(run.pk, now=NOW)

    run.refresh_from_db()
    assert run.state == STATE.FAILED
    assert (
        "no column for customer_id" in client.get(reverse("desk:import_run", args=[run.pk])).content.decode()
    )


def test_the_first_import_asks_for_the_shop_s_settings(client: Client, manager: User) -> None:
    Shop.objects.update(configured_at=None)
    client.force_login(manager)
    url = reverse("desk:imports")

    wrong = client.post(url, {"source": "web", "orders": upload(), "time_zone": "UTC", "currency": "XYZ"})
    right = client.post(
        url, {"source": "web", "orders": upload(), "time_zone": "UTC", "currency": "eur", "country": "de"}
    )

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert ImportRun.objects.get().options["currency"] == "EUR"


def test_without_a_file_nothing_starts(client: Client, manager: User) -> None:
    client.force_login(manager)

    response = client.post(reverse("desk:imports"), {"source": "web"})

    assert response.status_code == 422
    assert "Choose at least one" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_reps_do_not_import(signed_in: Client, rep: User, started: ImportRun) -> None:
    assert signed_in.get(reverse("desk:imports")).status_code == 403
    assert signed_in.get(reverse("desk:import_run", args=[started.pk])).status_code == 403
    assert signed_in.get(reverse("desk:import_rejects", args=[started.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        start_import(source="web", files={"orders": upload()}, options={}, by=rep, now=NOW)


def test_rejects_that_are_gone_are_not_found(client: Client, manager: User, started: ImportRun) -> None:
    client.force_login(manager)

    assert client.get(reverse("desk:import_rejects", args=[started.pk])).status_code == 404


def test_the_worker_s_tasks_are_registered() -> None:
    from celery import current_app  # noqa: PLC0415

    current_app.loader.import_default_modules()
    assert {"integrations.run_import", "integrations.sweep_imports", "customers.refresh_vip_standing"} <= set(
        current_app.tasks
    )

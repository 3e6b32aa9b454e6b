"""What the command imports stands on the page Import beside what was uploaded there."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Shop, User
from apps.customers.imports import CustomersImport
from apps.integrations.models import ImportRun
from apps.integrations.uploads import sweep_imports
from tests.factories import NOW

from .conftest import Write

STATE = ImportRun.State
pytestmark = pytest.mark.usefixtures("shop")


def import_customers(path: Path, **options: Any) -> None:
    call_command("import_shop", source="web", customers=path, stdout=StringIO(), stderr=StringIO(), **options)


def pages(client: Client, run: ImportRun) -> list[str]:
    """The list and the report."""
    urls = [reverse("desk:imports"), reverse("desk:import_run", args=[run.pk])]
    return [client.get(url).content.decode() for url in urls]


@pytest.mark.parametrize("as_json", [False, True])
def test_the_page_tells_what_the_command_imported(
    client: Client, manager: User, write: Write, as_json: bool
) -> None:
    client.force_login(manager)

    import_customers(write("c.csv", "customer_id,phone", "c1,030 901820", "c2,12", ",12"), json=as_json)

    run = ImportRun.objects.get()
    assert (run.kind, run.source, run.state, run.by, run.by_command) == (
        "shop",
        "web",
        STATE.DONE,
        None,
        True,
    )
    assert (run.rows_read, run.files) == (3, {"customers": "c.csv"})
    listed, report = pages(client, run)
    assert "3 rows, the command line" in listed
    assert "started by the command line" in report
    assert "customer_id is blank" in report
    assert "left out (customers, line 3)" in report
    rejects = client.get(reverse("desk:import_rejects", args=[run.pk]))
    assert b"customer_id is blank" in b"".join(rejects.streaming_content)  # type: ignore[attr-defined]


def test_a_file_that_the_command_could_not_use_stands_there_too(
    client: Client, manager: User, write: Write
) -> None:
    client.force_login(manager)

    with pytest.raises(CommandError, match="no column for customer_id"):
        import_customers(write("c.csv", "a,b", "1,2"))

    run = ImportRun.objects.get()
    assert run.state == STATE.FAILED
    listed, report = pages(client, run)
    assert "Not imported, the command line" in listed
    assert "Nothing was imported" in report
    assert "no column for customer_id" in report


@pytest.mark.parametrize("options", [{"source": "x" * 41}, {"source": " "}, {"customers": None}])
def test_a_command_that_names_nothing_to_import_leaves_no_row(write: Write, options: dict[str, Any]) -> None:
    path = write("c.csv", "customer_id", "c1")

    with pytest.raises(CommandError):
        call_command("import_shop", **{"source": "web", "customers": path, **options})

    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_a_command_that_breaks_off_says_so(
    write: Write, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def stop(*_: object) -> None:
        raise fault

    monkeypatch.setattr(CustomersImport, "write", stop)
    with pytest.raises(fault):
        import_customers(write("c.csv", "customer_id", "c1"))

    run = ImportRun.objects.get()
    assert (run.state, run.message.partition(".")[0]) == (STATE.FAILED, "The import broke off")


def test_a_command_that_was_killed_is_found_and_no_upload_is_lost_by_it(settings: Any, shop: Shop) -> None:
    uploads = Path(settings.DATA_FOLDER, "uploads", "of-another")
    uploads.mkdir(parents=True)
    run = ImportRun.objects.create(kind="shop", source="web", state=STATE.RUNNING, created_at=NOW)

    assert sweep_imports(now=NOW + timedelta(minutes=19))["failed"] == 0
    assert sweep_imports(now=NOW + timedelta(minutes=20))["failed"] == 1

    run.refresh_from_db()
    assert (run.state, "worker" in run.message) == (STATE.FAILED, False)
    assert uploads.exists()


def test_an_upload_of_somebody_who_is_gone_is_not_the_command_s(client: Client, manager: User) -> None:
    client.force_login(manager)
    run = ImportRun.objects.create(
        kind="shop", source="web", state=STATE.DONE, created_at=timezone.now(), options={"folder": "x"}
    )

    assert not any("command line" in page for page in pages(client, run))

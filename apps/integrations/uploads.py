"""Imports started from a page: the files are kept in the data folder, a worker imports them."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.accounts.models import Role, User
from apps.accounts.permissions import has_role
from apps.core.csv_reader import UnusableFile
from apps.core.nudges import enqueue

from .models import ImportRun
from .recording import BROKEN_OFF, UNENDED, end_run, import_recorded
from .shop_import import KINDS, ShopFiles

MAY_IMPORT = (Role.MANAGER, Role.MARKETER)
NOT_YOURS = "Managers, marketers and admins import files."
WORKER_DIED = (
    "The worker that imported this died. Start the import again with the same files: nothing is doubled."
)
NUDGED_AFTER = timedelta(minutes=5)
SILENT_FOR = timedelta(minutes=20)  # longer than any task may run: whoever worked on it is dead


def start_import(
    *,
    source: str,
    files: "Mapping[str, UploadedFile[Any]]",
    options: Mapping[str, str],
    by: User,
    now: datetime,
) -> ImportRun:
    """Keep the files and ask a worker to import them."""
    if not has_role(by, *MAY_IMPORT):
        raise PermissionDenied(NOT_YOURS)
    folder = _folder(uuid4().hex)
    folder.mkdir(mode=0o700, parents=True)
    for kind, file in files.items():
        with (folder / f"{kind}.csv").open("wb") as kept:
            shutil.copyfileobj(file, kept)
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind="shop",
            source=source,
            by=by,
            files={kind: file.name for kind, file in files.items()},
            options={**options, "folder": folder.name},
            created_at=now,
        )
        enqueue("integrations.run_import", run.pk)
    return run


def run_import(pk: int, *, now: datetime) -> None:
    """Import what was uploaded; a run that has ended is left alone.

    One that runs already is begun again: its message comes back only if its worker died, and an import may
    run twice, even at once.
    """
    unended = ImportRun.objects.filter(pk=pk, state__in=UNENDED)
    if not unended.update(state=ImportRun.State.RUNNING, report={"seen_at": now.isoformat()}):
        return
    run = ImportRun.objects.get(pk=pk)
    folder = _folder(run.options["folder"])
    with suppress(UnusableFile):  # the run tells
        import_recorded(run, _files(run, folder), now=now)
    shutil.rmtree(folder, ignore_errors=True)


def sweep_imports(*, now: datetime) -> dict[str, int]:
    """Nothing stays unended: what waits too long is asked for again, what a dead process left has failed.

    Safe to run twice. Returns how many of each.
    """
    waiting = ImportRun.objects.filter(state=ImportRun.State.WAITING, created_at__lte=now - NUDGED_AFTER)
    keys = list(waiting.values_list("pk", flat=True))
    with transaction.atomic():
        for pk in keys:
            enqueue("integrations.run_import", pk)
    running = ImportRun.objects.filter(state=ImportRun.State.RUNNING)
    dead = [run for run in running if _last_seen(run) <= now - SILENT_FOR]
    for run in dead:
        if run.by_command:
            end_run(run, ImportRun.State.FAILED, now, message=BROKEN_OFF)
        else:
            end_run(run, ImportRun.State.FAILED, now, message=WORKER_DIED)
            shutil.rmtree(_folder(run.options["folder"]), ignore_errors=True)
    return {"asked_again": len(keys), "failed": len(dead)}


def _last_seen(run: ImportRun) -> datetime:
    seen = run.report.get("seen_at")
    return datetime.fromisoformat(seen) if seen else run.created_at


def _files(run: ImportRun, folder: Path) -> ShopFiles:
    return ShopFiles(
        source=run.source,
        paths={kind: folder / f"{kind}.csv" for kind in KINDS if kind in run.files},
        time_zone=run.options.get("time_zone", ""),
        currency=run.options.get("currency", ""),
        country=run.options.get("country", ""),
    )


def _folder(name: str) -> Path:
    return Path(settings.DATA_FOLDER) / "uploads" / name

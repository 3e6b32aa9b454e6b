"""Imports started from a page: the files are kept in the data folder, a worker imports them."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.permissions import has_role
from apps.core.csv_reader import UnusableFile
from apps.core.nudges import enqueue

from .models import ImportRun
from .shop_import import KINDS, Report, ShopFiles, import_shop

MAY_IMPORT = (Role.MANAGER, Role.MARKETER)
NOT_YOURS = "Managers, marketers and admins import files."
BROKEN_OFF = "The import broke off. Start it again with the same files: nothing is doubled."
WORKER_DIED = (
    "The worker that imported this died. Start the import again with the same files: nothing is doubled."
)
MESSAGE_ROOM = 300
UNENDED = [ImportRun.State.WAITING, ImportRun.State.RUNNING]
NUDGED_AFTER = timedelta(minutes=5)
SILENT_FOR = timedelta(minutes=20)  # longer than any task may run: its worker is dead


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
    try:
        report = import_shop(_files(run, folder), now=now, progress=_Progress(run))
    except UnusableFile as fault:
        _end(run, ImportRun.State.FAILED, now, message=str(fault)[:MESSAGE_ROOM])
    except Exception:
        _end(run, ImportRun.State.FAILED, now, message=BROKEN_OFF)
        raise
    else:
        _end(run, ImportRun.State.DONE, now, report=report)
    shutil.rmtree(folder, ignore_errors=True)


def sweep_imports(*, now: datetime) -> dict[str, int]:
    """Nothing stays unended: what waits too long is asked for again, what a dead worker left has failed.

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
        _end(run, ImportRun.State.FAILED, now, message=WORKER_DIED)
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


class _Progress:
    """Keeps how far an import is, so that the page can tell."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._read: dict[str, int] = {}

    def __call__(self, kind: str, position: int, size: int, rows: int) -> None:
        self._read[kind] = rows
        part = min(1.0, position / size) if size else 1.0
        report = {"now": kind, "part": part, "seen_at": timezone.now().isoformat()}
        unended = ImportRun.objects.filter(pk=self._run.pk, state__in=UNENDED)
        unended.update(rows_read=sum(self._read.values()), report=report)


def _end(
    run: ImportRun, state: str, now: datetime, *, message: str = "", report: Report | None = None
) -> None:
    """Write down how it ended, once: of two that imported the same files the first one tells."""
    told: dict[str, Any] = {}
    if report:
        told = report.as_dict() | {
            "reasons": [[kind, reason, count] for (kind, reason), count in report.reasons.items()],
            "notes": [str(note) for note in report.notes],
        }
    changes: dict[str, Any] = {"state": state, "message": message, "report": told, "ended_at": now}
    if report:
        changes["rejects_file"] = report.rejects_file.name if report.rejects_file else ""
        changes["rows_read"] = sum(counts.read for counts in report.counts.values())
    ImportRun.objects.filter(pk=run.pk, state__in=UNENDED).update(**changes)


def rejects_path(run: ImportRun) -> Path:
    return settings.DATA_FOLDER / "rejects" / Path(run.rejects_file).name


def _folder(name: str) -> Path:
    return Path(settings.DATA_FOLDER) / "uploads" / name

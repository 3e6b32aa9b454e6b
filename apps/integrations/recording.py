"""Every import of the shop's files leaves a row with its report, whoever started it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.core.csv_reader import UnusableFile, unused_words

from .models import ImportRun
from .shop_import import Progress, Report, ShopFiles, check_named, import_shop

BROKEN_OFF = "The import broke off. Start it again with the same files: nothing is doubled."
MESSAGE_ROOM = 300
UNENDED = [ImportRun.State.WAITING, ImportRun.State.RUNNING]


def import_by_command(files: ShopFiles, *, now: datetime, progress: Progress) -> Report:
    """Import, in a run of the command's own. Raises UnusableFile, as `import_shop`."""
    check_named(files)
    run = ImportRun.objects.create(
        kind="shop",
        source=files.source.strip(),
        state=ImportRun.State.RUNNING,
        files={kind: path.name for kind, path in files.paths.items()},
        created_at=now,
    )
    try:
        return import_recorded(run, files, now=now, progress=progress)
    except KeyboardInterrupt:
        end_run(run, ImportRun.State.FAILED, timezone.now(), message=BROKEN_OFF)
        raise


def import_recorded(
    run: ImportRun, files: ShopFiles, *, now: datetime, progress: Progress | None = None
) -> Report:
    """Import, and keep in `run` how far it is and how it ended. Raises what `import_shop` raises."""
    try:
        report = import_shop(files, now=now, progress=_Progress(run, progress))
    except UnusableFile as fault:
        end_run(run, ImportRun.State.FAILED, timezone.now(), message=str(fault)[:MESSAGE_ROOM])
        raise
    except Exception:
        end_run(run, ImportRun.State.FAILED, timezone.now(), message=BROKEN_OFF)
        raise
    end_run(run, ImportRun.State.DONE, timezone.now(), report=report)
    return report


class _Progress:
    """Keeps how far an import is, so that the page can tell; `further` is told, too."""

    def __init__(self, run: ImportRun, further: Progress | None) -> None:
        self._run = run
        self._further = further
        self._read: dict[str, int] = {}

    def __call__(self, kind: str, position: int, size: int, rows: int) -> None:
        self._read[kind] = rows
        part = min(1.0, position / size) if size else 1.0
        report = {"now": kind, "part": part, "seen_at": timezone.now().isoformat()}
        unended = ImportRun.objects.filter(pk=self._run.pk, state__in=UNENDED)
        unended.update(rows_read=sum(self._read.values()), report=report)
        if self._further:
            self._further(kind, position, size, rows)


def end_run(
    run: ImportRun, state: str, now: datetime, *, message: str = "", report: Report | None = None
) -> None:
    """Write down how it ended, once: of two that imported the same files the first one tells."""
    told: dict[str, Any] = {}
    if report:
        told = report.as_dict() | {
            "reasons": [[kind, reason, count] for (kind, reason), count in report.reasons.items()],
            "notes": [str(note) for note in report.notes],
            "unused": unused_words(report.unused),
        }
    changes: dict[str, Any] = {"state": state, "message": message, "report": told, "ended_at": now}
    if report:
        changes["rejects_file"] = report.rejects_file.name if report.rejects_file else ""
        changes["rows_read"] = sum(counts.read for counts in report.counts.values())
    ImportRun.objects.filter(pk=run.pk, state__in=UNENDED).update(**changes)


def rejects_path(run: ImportRun) -> Path:
    return settings.DATA_FOLDER / "rejects" / Path(run.rejects_file).name

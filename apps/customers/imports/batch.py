"""What the imports of all three files have in common: settings, counts, and the reading half of the work."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.core.csv_reader import Field, FirstSeen, Reject, Table, Unused
from apps.core.staging import Changes, Packed, Stage, Upsert, one_import_at_a_time

from .notes import Notes

BATCH_ROWS = 20_000
CLOCKS_DIFFER = timedelta(days=1)


@dataclass(frozen=True)
class Settings:
    """What every row of one import shares."""

    source: str
    zone: ZoneInfo
    currency: str
    country: str
    now: datetime

    @property
    def latest(self) -> datetime:
        """What is said to have happened after this is impossible."""
        return self.now + CLOCKS_DIFFER


@dataclass
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected

    def as_dict(self) -> dict[str, int]:
        return {"read": self.read, **asdict(self)}


@dataclass
class Batch:
    """Rows ready for the stage, with what is needed to reject one of them later."""

    rows: list[list[Any]] = field(default_factory=list)
    packed: Packed = ()
    cells: dict[int, list[str]] = field(default_factory=dict)
    seen_again: int = 0


class FileImport(ABC):
    """One file of one kind. `batches()` reads and checks, if need be in a thread; `write()` is the rest.

    Used as a context: its temporary tables live as long as it is open.
    """

    kind: ClassVar[str]
    can_refuse: ClassVar[bool] = False
    stage: Stage
    upsert: Upsert

    def __init__(self, table: Table, settings: Settings, reject: Reject, notes: Notes) -> None:
        self.table = table
        self.settings = settings
        self.notes = notes
        self.counts = Counts()
        self.at = {field.name: i for i, field in enumerate(table.fields)}
        self._report_reject = reject
        self._seen = FirstSeen()

    @classmethod
    @abstractmethod
    def fields(cls, settings: Settings, notes: Notes) -> Sequence[Field]:
        """What a file of this kind may hold."""

    @abstractmethod
    def stage_columns(self) -> dict[str, str]:
        """Column of the stage to its database type, one for each value of a row."""

    @abstractmethod
    def make_upsert(self) -> Upsert:
        """How the stage becomes rows."""

    def __enter__(self) -> Self:
        self.stage = Stage(f"import_{self.kind}", self.stage_columns())
        self.upsert = self.make_upsert()
        self.stage.make()
        return self

    def __exit__(self, *_: object) -> None:
        self.stage.drop()

    def reject(self, line: int, reason: str, cells: list[str]) -> None:
        self.counts.rejected += 1
        self._report_reject(line, reason, cells)

    def idle_fields(self) -> Collection[str]:
        """Fields that the file has and that change nothing, for what else it has."""
        return ()

    def unused(self) -> Unused:
        return self.table.unused(self.idle_fields())

    def finish(self, values: list[Any], cells: list[str], line: int) -> str:
        """Put the last touch to a row that depends on more than one cell; returns its key."""
        return str(values[0])

    def batches(self) -> Iterator[Batch]:
        """Batches of checked rows, each id once."""
        batch, first, finish, pending = Batch(), self._seen.first, self.finish, self.notes.pending
        for line, values, cells in self.table.rows(self._unreadable):
            key = finish(values, cells, line)
            before = first(key, hash(tuple(values)), line)
            if before:
                self._second(before, batch, line, cells)
                continue
            if pending:
                self.notes.keep(self.kind, line)
            batch.rows.append(values)
            if self.can_refuse:
                self.keep(batch, line, cells)
            if len(batch.rows) >= BATCH_ROWS:
                yield batch
                batch = Batch()
        yield batch

    def keep(self, batch: Batch, line: int, cells: list[str]) -> None:  # noqa: B027 - most refuse nothing
        """Keep what `refuse()` needs to reject the row later."""

    def _unreadable(self, line: int, reason: str, cells: list[str]) -> None:
        """Reject a row that was read no further: what was left out of it is no news."""
        self.notes.drop()
        self.reject(line, reason, cells)

    def _second(self, before: tuple[int, bool], batch: Batch, line: int, cells: list[str]) -> None:
        self.notes.drop()
        first_line, same = before
        if same:
            batch.seen_again += 1
        else:
            reason = f"has the id of an earlier row and other values: line {first_line} was taken"
            self.reject(line, reason, cells)

    def packed(self) -> Iterator[Batch]:
        """The batches in the form that `write()` takes; the context must be open."""
        for batch in self.batches():
            batch.packed = self.stage.pack(batch.rows)
            yield batch

    def write(self, batch: Batch) -> None:
        """Write one batch in a transaction of its own: a killed import loses no more than that."""
        with transaction.atomic():
            one_import_at_a_time()
            self.stage.load(batch.packed)
            refused = self.refuse(batch)
            changes = self.merge()
        self.counts.created += changes.created
        self.counts.updated += changes.updated
        self.counts.unchanged += (
            batch.seen_again + len(batch.rows) - refused - changes.created - changes.updated
        )

    def refuse(self, batch: Batch) -> int:
        """Take out of the stage what only the database can tell to be unusable; returns how many."""
        return 0

    def merge(self) -> Changes:
        return self.upsert.write()

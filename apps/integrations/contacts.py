"""Read a help desk's CSV of contacts: who, when, how long, on which channel."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.accounts.models import Shop
from apps.core.csv_reader import (
    Field,
    FirstSeen,
    RejectsFile,
    Table,
    Unreadable,
    UnusableFile,
    Unused,
    open_csv,
)
from apps.core.csv_reader.times import moment
from apps.core.csv_reader.values import identity, shown, words
from apps.effort.imports import CHUNK, Contact, ContactCounts, ContactsImport, People

from .shop_settings import DEMO_IS_HERE

LONGEST = 24 * 3600
CHANNELS = {
    "phone": "phone",
    "call": "phone",
    "voice": "phone",
    "telephone": "phone",
    "mail": "mail",
    "email": "mail",
    "e-mail": "mail",
    "chat": "chat",
    "live chat": "chat",
    "messaging": "chat",
    "visit": "visit",
    "in person": "visit",
    "walk-in": "visit",
}
CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:\.\d+)?")
UNITS = re.compile(
    r"(?:PT)?(?:(\d+)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:ute)?s?)?)?\s*(?:(\d+)\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)
NO_TIME_COLUMN = (
    "{name} has no column for how long a contact took. Name it with --map seconds=COLUMN, "
    "minutes=COLUMN or duration=COLUMN. Its columns are: {columns}."
)
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class ContactsReport:
    counts: ContactCounts
    rejects_file: Path | None
    reasons: Mapping[tuple[str, str], int]
    unused: Unused
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "contacts": self.counts.as_dict(),
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "seconds": round(self.seconds, 3),
            **self.unused.in_report(),
        }


def seconds_in(text: str) -> str | None:
    """Seconds as written: `372` or `372.4`."""
    return _number(text, 1)


def minutes_in(text: str) -> str | None:
    """Minutes as seconds: `6.2` is 372."""
    return _number(text, 60)


def duration_in(text: str) -> str | None:
    """`0:06:12`, `6:12` (minutes and seconds), `1h 5m`, `6 min`, `PT6M12S` as seconds."""
    plain = text.strip()
    if not plain:
        return None
    found = CLOCK.fullmatch(plain) or UNITS.fullmatch(plain)
    if not found or not any(found.groups()):
        raise Unreadable(f"is not a length such as 0:06:12 or 6 min: {shown(text)}")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return _bounded(hours * 3600 + minutes * 60 + seconds, text)


def _number(text: str, unit: int) -> str | None:
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", plain):
        raise Unreadable(f"is not a number of zero or more: {shown(text)}")
    return _bounded(round(float(plain) * unit), text)


def _bounded(seconds: int, text: str) -> str:
    if seconds > LONGEST:
        raise Unreadable(f"is longer than a day: {shown(text)}")
    return str(seconds)


def channel_in(text: str) -> str:
    plain = text.strip().lower()
    return CHANNELS.get(plain, plain[:20])


def fields_for(zone: ZoneInfo, now: datetime) -> list[Field]:
    """The fields of a contact and the names that help desks give them."""
    started = ("started_at", "start", "start_time", "began", "created_at", "opened_at", "date", "timestamp")
    agent = ("agent_name", "agent_email", "assignee", "operator", "representative", "rep", "user", "owner")
    in_seconds = ("duration_seconds", "handle_time_seconds", "handle_seconds", "time_spent_seconds", "secs")
    in_minutes = ("duration_minutes", "handle_time_minutes", "time_spent_minutes", "mins", "duration_min")
    spans = ("handle_time", "time_spent", "length", "talk_time", "call_duration")
    return [
        Field("agent", identity(160), agent, required=True),
        Field("started", moment(zone, latest=now, required=True), started, required=True),
        Field("seconds", seconds_in, in_seconds),
        Field("minutes", minutes_in, in_minutes),
        Field("duration", duration_in, spans),
        Field("channel", channel_in, ("channel_type", "via", "medium", "type")),
        Field("topic", words(120), ("subject", "category", "reason", "tag", "tags")),
    ]


def import_contacts(
    path: Path, maps: Mapping[str, str], *, now: datetime, progress: Progress | None = None
) -> ContactsReport:
    """Import the file, or raise UnusableFile and change nothing. Safe to run again at any time."""
    began = monotonic()
    shop = Shop.current()
    if shop.demo_seed is not None:
        raise UnusableFile(DEMO_IS_HERE)
    table = open_csv(path, fields_for(shop.zone, now), maps)
    if not any(table.has(name) for name in ("seconds", "minutes", "duration")):
        raise UnusableFile(NO_TIME_COLUMN.format(name=path.name, columns=", ".join(table.header)))
    work = ContactsImport(shop.zone, People.load())
    rejects = RejectsFile(settings.DATA_FOLDER / "rejects", "contacts", table.header, now)
    try:
        rows = ContactRows(table, rejects, work.counts)
        for chunk in rows.chunks():
            work.write(chunk)
            if progress:
                progress(table.position, table.size, work.counts.read)
    finally:
        rejects.close()
    return ContactsReport(work.counts, rejects.path, rejects.groups, table.unused(), monotonic() - began)


@dataclass(frozen=True)
class ContactRows:
    """The file's rows as contacts, each once; the others go to the rejects or count as unchanged."""

    table: Table
    rejects: RejectsFile
    counts: ContactCounts

    def chunks(self) -> Iterator[list[Contact]]:
        contacts = self._contacts()
        while chunk := list(islice(contacts, CHUNK)):
            yield chunk

    def _contacts(self) -> Iterator[Contact]:
        names = [field.name for field in self.table.fields]
        seen = FirstSeen()
        for line, values, cells in self.table.rows(self._reject):
            contact = _contact(dict(zip(names, values, strict=True)))
            if contact is None:
                self._reject(line, "says nowhere how long it took", cells)
                continue
            before = seen.first(contact.key, hash(contact), line)
            if before is None:
                yield contact
            elif before[1]:
                self.counts.unchanged += 1
            else:
                reason = f"same agent, start and channel as another row, other values: line {before[0]}"
                self._reject(line, reason, cells)

    def _reject(self, line: int, reason: str, cells: list[str]) -> None:
        self.counts.rejected += 1
        self.rejects.add("contacts", line, reason, self.table.header, cells)


def _contact(values: dict[str, str | None]) -> Contact | None:
    """None where no column says how long it took."""
    lengths = (values.get(name) for name in ("seconds", "minutes", "duration"))
    seconds = next((length for length in lengths if length is not None), None)
    if seconds is None:
        return None
    return Contact(
        agent=values["agent"] or "",
        started_at=datetime.fromisoformat(values["started"] or "").replace(tzinfo=UTC),
        seconds=int(seconds),
        channel=values.get("channel") or "",
        topic=values.get("topic") or "",
    )

"""Reactive time as a help desk knows it, taken in by chunks. One contact is one agent, start and channel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.models import User

from .models import AgentName, Origin, Source, TimeEntry
from .services.agents import agent_key

CHUNK = 1000


@dataclass(frozen=True)
class Contact:
    """One row of the help desk's file; the start is in UTC."""

    agent: str
    started_at: datetime
    seconds: int
    channel: str = ""
    topic: str = ""

    @property
    def key(self) -> str:
        return f"contact:{agent_key(self.agent)}|{self.started_at:%Y%m%dT%H%M%S}|{self.channel}"


@dataclass
class ContactCounts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    unmatched: int = 0

    @property
    def read(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected

    def as_dict(self) -> dict[str, int]:
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "unmatched": self.unmatched,
        }


@dataclass(frozen=True)
class People:
    """Who an agent is: by what a manager said, else by e-mail, else by a name that only one person has."""

    by_name: dict[str, tuple[int, int | None]]

    @classmethod
    def load(cls) -> Self:
        rows = list(User.objects.values_list("pk", "team_id", "email", "name"))
        people: dict[str, tuple[int, int | None]] = {}
        names = [agent_key(name) for *_, name in rows]
        for pk, team, email, name in rows:
            if names.count(agent_key(name)) == 1:
                people[agent_key(name)] = (pk, team)
            people[agent_key(email)] = (pk, team)
        aliases = AgentName.objects.values_list("name", "user_id", "user__team_id")
        return cls(people | {name: (pk, team) for name, pk, team in aliases})

    def find(self, agent: str) -> tuple[int | None, int | None]:
        """The person's and their team's id; nothing for an agent nobody is known to be."""
        return self.by_name.get(agent_key(agent), (None, None))


@dataclass
class ContactsImport:
    """Writes contacts; run again with the same rows it changes nothing."""

    zone: ZoneInfo
    people: People
    counts: ContactCounts = field(default_factory=ContactCounts)

    def write(self, contacts: Sequence[Contact]) -> None:
        """One chunk in one transaction. No two of its contacts may be the same."""
        with transaction.atomic():
            keys = [contact.key for contact in contacts]
            known = {entry.key: entry for entry in TimeEntry.objects.filter(key__in=keys)}
            fresh = [contact for contact in contacts if contact.key not in known]
            changed = [
                entry
                for contact in contacts
                if (entry := known.get(contact.key)) and self._take_over(entry, contact)
            ]
            entries = [self._entry(contact) for contact in fresh]
            TimeEntry.objects.bulk_create(entries)
            TimeEntry.objects.bulk_update(changed, ["seconds", "topic", "user", "team"])
        self.counts.created += len(fresh)
        self.counts.updated += len(changed)
        self.counts.unchanged += len(contacts) - len(fresh) - len(changed)
        self.counts.unmatched += sum(entry.user_id is None for entry in [*entries, *known.values()])

    def _entry(self, contact: Contact) -> TimeEntry:
        user, team = self.people.find(contact.agent)
        return TimeEntry(
            user_id=user,
            agent=contact.agent,
            team_id=team,
            origin=Origin.REACTIVE,
            started_at=contact.started_at,
            day=contact.started_at.astimezone(self.zone).date(),
            seconds=contact.seconds,
            channel=contact.channel,
            topic=contact.topic,
            source=Source.IMPORT,
            key=contact.key,
        )

    def _take_over(self, entry: TimeEntry, contact: Contact) -> bool:
        """Bring an entry up to date; whose it is only changes while nobody is known."""
        before = (entry.seconds, entry.topic, entry.user_id)
        entry.seconds, entry.topic = contact.seconds, contact.topic
        if entry.user_id is None:
            entry.user_id, entry.team_id = self.people.find(contact.agent)
        return before != (entry.seconds, entry.topic, entry.user_id)

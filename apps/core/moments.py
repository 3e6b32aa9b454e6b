"""Moments as people say them: one wording for pages, messages and errors."""

from datetime import date, datetime, tzinfo

NEAR = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}


def when(at: datetime, zone: tzinfo, *, now: datetime) -> str:
    """By itself: `Today 09:12`, `Yesterday 18:30`, `Mon 9 Nov, 16:20`, `Sat 9 Nov 2024, 16:20`."""
    there, today = at.astimezone(zone), now.astimezone(zone).date()
    near = NEAR.get((there.date() - today).days)
    if near:
        return f"{near} {there:%H:%M}"
    year = "" if there.year == today.year else f" {there.year}"
    return f"{there:%a} {there.day} {there:%b}{year}, {there:%H:%M}"


def at_when(at: datetime, zone: tzinfo, *, now: datetime) -> str:
    """Inside a sentence: `today 09:12`, `Mon 9 Nov, 16:20`."""
    words = when(at, zone, now=now)
    return words[:1].lower() + words[1:] if words.startswith(tuple(NEAR.values())) else words


def by_when(at: datetime, zone: tzinfo, *, now: datetime) -> str:
    """After a word such as "by", "from" or "opens": `16:00` on the day itself, else as `at_when`."""
    return at_when(at, zone, now=now).removeprefix("today ")


def day_words(day: date) -> str:
    """As a letter writes a day: `31 August 2026`."""
    return f"{day.day} {day:%B %Y}"

"""Moments inside a sentence."""

from datetime import datetime, tzinfo

from django import template

from apps.core.templatetags.ui import when

register = template.Library()


@register.filter
def at_when(at: datetime | None, zone: tzinfo | str | None = None) -> str:
    """`today 09:12`, `Mon 9 Nov, 16:20`: as `when`, but not at a sentence's beginning."""
    words = when(at, zone)
    return words[:1].lower() + words[1:] if words.startswith(("Today", "Tomorrow", "Yesterday")) else words


@register.filter
def by_when(at: datetime | None, zone: tzinfo | str | None = None) -> str:
    """`16:00` on the day itself, else as `at_when`: what follows "by"."""
    return at_when(at, zone).removeprefix("today ")

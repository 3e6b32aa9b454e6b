"""Moments inside a sentence."""

from datetime import datetime, tzinfo

from django import template
from django.utils import timezone

from apps.core import moments
from apps.core.templatetags.ui import zone_of

register = template.Library()


@register.filter
def at_when(at: datetime | None, zone: tzinfo | str | None = None) -> str:
    return moments.at_when(at, zone_of(zone), now=timezone.now()) if at else ""


@register.filter
def by_when(at: datetime | None, zone: tzinfo | str | None = None) -> str:
    return moments.by_when(at, zone_of(zone), now=timezone.now()) if at else ""

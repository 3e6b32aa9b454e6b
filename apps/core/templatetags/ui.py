"""What templates need to say things as people do: icons, spans, sums, moments."""

from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal
from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core import moments
from apps.core.undo import UNDO_FOR

register = template.Library()

NOT_MEASURED = "not measured"


@register.simple_tag
@lru_cache(maxsize=1_000)
def icon(name: str, extra: str = "") -> SafeString:
    """One outline from the sprite, drawn at text size; the word beside it says what it means."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {extra}".strip(),
        static("carecrm/img/icons.svg"),
        name,
    )


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as "2 h 10", "45 min" or "under 1 min"."""
    if seconds is None:
        return NOT_MEASURED
    whole = int(seconds)
    if 0 < whole < 60:
        return "under 1 min"
    hours, minutes = divmod(whole // 60, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"


@register.filter
def clock(seconds: float | None) -> str:
    """Seconds as a running clock shows them: "03:12", "1:03:12"."""
    minutes, rest = divmod(int(seconds or 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


@register.filter
def money(amount: Decimal | float | str | None, currency: str = "") -> str:
    """An amount with its currency's sign and digits: "€40.00"."""
    if amount is None or amount == "":
        return ""
    return _formatted(Decimal(str(amount)), currency)


@lru_cache(maxsize=10_000)
def _formatted(value: Decimal, currency: str) -> str:
    if not currency:
        return str(format_decimal(value, format="#,##0.00", locale="en"))
    return str(format_currency(value, currency, locale="en"))


@register.filter
def language_name(code: str) -> str:
    """`de-AT` as German; what is no code of a language stays as the shop wrote it."""
    try:
        return Locale.parse(code.replace("_", "-"), sep="-").get_language_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code


@register.filter
def percent(fraction: Decimal | float | None) -> str:
    """0.174 as "17.4 %", 0.05 as "5 %"; nothing measured stays that."""
    if fraction is None or fraction == "":
        return NOT_MEASURED
    figure = f"{float(fraction) * 100:.1f}".removesuffix(".0")
    return f"{figure} %"


def zone_of(zone: tzinfo | str | None) -> tzinfo:
    if isinstance(zone, str):
        return ZoneInfo(zone) if zone else timezone.get_current_timezone()
    return zone or timezone.get_current_timezone()


@register.filter
def local_time(at: datetime | None, zone: tzinfo | str | None = None) -> str:
    """The time of day there: "09:12"."""
    return f"{at.astimezone(zone_of(zone)):%H:%M}" if at else ""


@register.filter
def when(at: datetime | None, zone: tzinfo | str | None = None) -> str:
    """A moment as one says it: "Today 09:12", "Yesterday 18:30", "Mon 9 Nov, 16:20"."""
    return moments.when(at, zone_of(zone), now=timezone.now()) if at else ""


@register.filter
def ago(at: datetime | None, now: datetime | None = None) -> str:
    """How long ago: "2 h 14", "3 days"."""
    if at is None:
        return ""
    seconds = max(0.0, ((now or timezone.now()) - at).total_seconds())
    days = int(seconds // 86_400)
    if days:
        return f"{days} day" if days == 1 else f"{days} days"
    return duration(seconds)


@register.filter
def bounded(count: int | None, limit: int = 99) -> str:
    """A count that was not counted to its end: "99+"."""
    return f"{limit}+" if (count or 0) > limit else str(count or 0)


@register.filter
def initials(name: str) -> str:
    """The letters of an avatar: first and last word."""
    words = name.split() or ["?"]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


@register.filter
def undo_url(tags: str | None) -> str:
    """The address that takes back what a message tells of, from its `undo:<url>` tag."""
    return next((tag[5:] for tag in (tags or "").split() if tag.startswith("undo:")), "")


@register.simple_tag
def undo_seconds() -> int:
    """How long an Undo is offered: as long as the services take it."""
    return int(UNDO_FOR.total_seconds())


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A form field's widget with the classes and descriptions of components/field.html."""
    described = [f"{field.id_for_label}_help"] if field.help_text else []
    if field.errors:
        described.append(f"{field.id_for_label}_error")
    attrs: dict[str, str | bool] = {"class": f"input {field.field.widget.attrs.get('class', '')}".strip()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return SafeString(field.as_widget(attrs=attrs))


@register.filter
def greeting(at: datetime, zone: tzinfo | str | None = None) -> str:
    """What one says at this time of day."""
    hour = at.astimezone(zone_of(zone)).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"

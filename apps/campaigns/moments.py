from datetime import datetime, time

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date, parse_datetime

from apps.accounts.models import Shop


def moment_in_shop(text: str) -> datetime:
    """An ISO moment; one without a zone is the shop's, a day alone is its beginning."""
    try:
        day = parse_date(text)
        at = datetime.combine(day, time.min) if day else parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"{text} is not a moment. Write it like 2018-03-01T12:00 or 2018-03-01T15:00Z.")
    return at if at.tzinfo else at.replace(tzinfo=Shop.current().zone)

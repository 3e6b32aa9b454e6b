"""What the database is told of every single mail: plain statements, so that none is built anew each time.

While a mail is at the provider, building its queries took the worker longer than asking them.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from .models import Message

BEGIN = """
UPDATE outreach_message SET began_at = %s, claimed_until = %s, tries = %s, first_tried_at = %s
WHERE id = %s AND status = 'sending' AND claim = %s AND began_at IS NULL AND claimed_until > %s
"""
AS_BEGUN = (
    "SELECT * FROM outreach_message WHERE id = %s AND status = 'sending' AND claim = %s AND began_at = %s"
)
# This need not wait for the disk: a crash of the database that loses it leaves the mail begun, hence unknown.
WITHOUT_WAITING = " AND set_config('synchronous_commit', 'off', true) IS NOT NULL FOR UPDATE"


def write_begun(begun: Message, *, now: datetime) -> bool:
    """Say in its row that it begins; False if it is not ours to begin any more."""
    times = [_time(begun.began_at), _time(begun.claimed_until)]
    values = [*times, begun.tries, _time(begun.first_tried_at), begun.pk, _claim(begun), _time(now)]
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, values)
        return bool(cursor.rowcount)


def row_as_begun(begun: Message) -> tuple[str, list[Any]]:
    """The query of its row, locked where the database can; of none if it has moved."""
    lock = WITHOUT_WAITING if connection.vendor == "postgresql" else ""
    return AS_BEGUN + lock, as_begun(begun)


def as_begun(begun: Message) -> list[Any]:
    """The values of `AS_BEGUN`."""
    return [begun.pk, _claim(begun), _time(begun.began_at)]


def _claim(message: Message) -> Any:
    return Message._meta.get_field("claim").get_db_prep_value(message.claim, connection)


def _time(at: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(at)

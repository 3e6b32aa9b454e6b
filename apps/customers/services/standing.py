"""VIP standing: a badge for those whose net spend of the last 365 days is at the top.

One enters among the top 5 % and leaves below the top 8 %, so that nobody flickers in and out.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection, transaction

SPAN = timedelta(days=365)
ENTER_PERCENT = 5
LEAVE_PERCENT = 8


def refresh_vip_standing(*, now: datetime) -> tuple[int, int]:
    """Set and take away the badge in two statements; returns how many entered and how many left."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(*_rank(now))
        enters, stays = _places(cursor)
        cursor.execute(
            "UPDATE customers_customer SET vip_since = %s WHERE vip_since IS NULL "
            "AND id IN (SELECT customer_id FROM vip_rank WHERE place <= %s)",
            [_stored(now), enters],
        )
        entered = cursor.rowcount
        cursor.execute(
            "UPDATE customers_customer SET vip_since = NULL WHERE vip_since IS NOT NULL "
            "AND id NOT IN (SELECT customer_id FROM vip_rank WHERE place <= %s)",
            [stays],
        )
        left = cursor.rowcount
        cursor.execute("DROP TABLE vip_rank")
    return entered, left


def _rank(now: datetime) -> tuple[str, list[Any]]:
    """SQL that makes `vip_rank`: who spent anything, by net spend; ties go to the later order."""
    return (
        "CREATE TEMPORARY TABLE vip_rank AS "
        "SELECT customer_id, row_number() OVER (ORDER BY spent DESC, last_at DESC, customer_id) AS place "
        "FROM (SELECT customer_id, sum(total) AS spent, max(placed_at) AS last_at FROM customers_order "
        "WHERE NOT is_void AND placed_at > %s AND placed_at <= %s GROUP BY customer_id) s WHERE spent > 0",
        [_stored(now - SPAN), _stored(now)],
    )


def _places(cursor: Any) -> tuple[int, int]:
    """The last place that enters, and the last that stays. Both are rounded up."""
    cursor.execute("SELECT count(*) FROM vip_rank")
    spenders = cursor.fetchone()[0]
    return ceil(spenders * ENTER_PERCENT / 100), ceil(spenders * LEAVE_PERCENT / 100)


def _stored(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)

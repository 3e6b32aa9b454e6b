"""The generated shop of the benches: two years of a plausible shop, the same rows every time.

`build_shop` fills PostgreSQL set by set; `write_csv` writes such a shop as the three files of an import.
Both leave `AT` as the last moment that anything happened.
"""

import csv
import random
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Shop

AT = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
LAST = AT.replace(tzinfo=None)  # as a file without offsets writes it
DAYS = 730
ZONES = ["Europe/Berlin", "Europe/Lisbon", "Europe/London", "America/New_York", "Asia/Kolkata"]
COUNTRIES = ["DE", "PT", "GB", "US", "IN"]

EMPTY = """
TRUNCATE customers_customer, customers_order, customers_permission, feedback_feedbackitem, feedback_reply,
    apologies_incident, apologies_offer, campaigns_enrollment, campaigns_refusal, worklist_caretask,
    worklist_attempt, effort_timeentry, effort_dailyeffort RESTART IDENTITY CASCADE
"""

CUSTOMERS = """
INSERT INTO customers_customer (id, source, external_id, name, called, pronoun, email, phone, language,
    street, city, state, postcode, country, time_zone, note, vip_since, created_at)
SELECT n, 'shop', 'c' || n, 'Customer ' || n, '', '', 'c' || n || '@example.com',
    CASE WHEN reach < 0.9 THEN '+4420794' || lpad((n %% 100000)::text, 5, '0') ELSE '' END,
    'en', '', 'Town ' || n %% 500, '', '', (%(countries)s::text[])[1 + n %% 5],
    (%(zones)s::text[])[1 + n %% 5],
    '', NULL, %(at)s::timestamptz - joined * interval '1 day'
FROM (SELECT n, random() AS reach, 1 + random() * (%(days)s - 1) AS joined
      FROM generate_series(1, %(customers)s) AS n) AS made
"""

# Everyone orders once as they join; the other orders fall to the busier customers more often
ORDERS = """
INSERT INTO customers_order (id, customer_id, source, external_id, placed_at, status, cancelled_by_customer,
    total, item_count, items, carrier, promised_on, handed_to_carrier_at, delivered_at)
SELECT n, customer_id, 'shop', 'o' || n, placed_at,
    CASE WHEN fate < 0.02 THEN 'cancelled' WHEN delivered_at <= %(at)s THEN 'delivered' ELSE 'paid' END,
    fate < 0.012, total, 1 + n %% 4, 'Fjell jacket, moss M', '', promised_on,
    CASE WHEN fate >= 0.02 AND handed_at <= %(at)s THEN handed_at END,
    CASE WHEN fate >= 0.026 AND delivered_at <= %(at)s THEN delivered_at END
FROM (SELECT n, customer_id, placed_at, fate, (5 + 195 * spend * spend)::numeric(14, 2) AS total,
          (placed_at + interval '8 days')::date AS promised_on,
          placed_at + pace * interval '2 days' AS handed_at,
          placed_at + CASE WHEN fate > 0.96 THEN interval '9 days' ELSE interval '2 days' END
              + pace * interval '4 days' AS delivered_at
      FROM (SELECT n, customer.id AS customer_id, fate, spend, pace,
                customer.created_at + CASE WHEN n <= %(customers)s THEN 0 ELSE later END
                    * (%(at)s::timestamptz - customer.created_at) AS placed_at
            FROM (SELECT n, random() AS fate, random() AS spend, random() AS pace, random() AS later,
                      CASE WHEN n <= %(customers)s THEN n
                           ELSE 1 + floor(power(random(), 1.2) * %(customers)s)::bigint END AS who
                  FROM generate_series(1, %(orders)s) AS n) AS drawn
            JOIN customers_customer AS customer ON customer.id = who) AS dated) AS made
"""

FEEDBACK = """
INSERT INTO feedback_feedbackitem (source, external_id, customer_id, order_id, place, url, score, title, text,
    language, received_at, status, closed_at, unanswerable_reason)
SELECT 'shop', 'f' || id, customer_id, id, 'Shop', '',
    CASE WHEN mood < 0.15 THEN 1 WHEN mood < 0.3 THEN 2 ELSE 5 END, '',
    'The jacket is warm, the zip sticks a little.', 'en', received_at,
    CASE WHEN old THEN 'answered' ELSE 'waiting' END,
    CASE WHEN old THEN received_at + interval '1 day' END, ''
FROM (SELECT id, customer_id, delivered_at + interval '1 day' AS received_at,
          random() AS mood, random() AS writes,
          delivered_at < %(at)s::timestamptz - interval '30 days' AS old
      FROM customers_order WHERE delivered_at IS NOT NULL) AS made
WHERE writes < 0.12 AND received_at <= %(at)s
"""

REPLIES = """
INSERT INTO feedback_reply (item_id, words, saved_at, sent_at)
SELECT id, 'Thank you for telling us.', closed_at, closed_at
FROM feedback_feedbackitem WHERE status = 'answered'
"""

PERMISSIONS = """
INSERT INTO customers_permission (customer_id, channel, purpose, state, origin, at)
SELECT id, 'phone', 'recognition', 'refused', 'shop', created_at FROM customers_customer WHERE id %% 40 = 0
"""

HEADERS = {
    "customers": "customer_id,name,email,phone,city,state,zip_prefix,country",
    "orders": "order_id,customer_id,placed_at,status,handed_to_carrier_at,promised_delivery_at,delivered_at,"
    "total_paid,currency,item_count,categories",
    "feedback": "feedback_id,order_id,customer_id,score,title,text,answered_at,language",
}
STATEMENTS = [CUSTOMERS, ORDERS, FEEDBACK, REPLIES, PERMISSIONS]


def build_shop(customers: int, orders: int) -> None:
    """Empty the business tables of the PostgreSQL database and fill them; Events and people stay."""
    if orders < customers:
        raise ValueError("Every customer has an order: orders must be at least as many as customers.")
    facts = {
        "customers": customers,
        "orders": orders,
        "days": DAYS,
        "at": AT,
        "zones": ZONES,
        "countries": COUNTRIES,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EMPTY)
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT setseed(0.42)")
        for statement in STATEMENTS:
            cursor.execute(statement, facts)
        for table in ["customers_customer", "customers_order"]:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    settle()
    shop = {
        "name": "Bench",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "country": "DE",
        "configured_at": AT,
    }
    Shop.objects.update_or_create(pk=1, defaults=shop)


def settle() -> None:
    """Leave the tables as a running shop has them: counted and cleaned."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def write_csv(folder: Path, customers: int, orders: int) -> dict[str, Path]:
    """Write customers.csv, orders.csv and feedback.csv of such a shop; gives their paths by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(42)
    joined = [LAST - timedelta(days=1 + chance.random() * (DAYS - 1)) for _ in range(customers)]
    paths = {kind: folder / f"{kind}.csv" for kind in HEADERS}
    with ExitStack() as files:
        write = {kind: started(files, path, HEADERS[kind]) for kind, path in paths.items()}
        write["customers"].writerows(customer_row(n) for n in range(customers))
        for n in range(orders):
            row = order_row(n, joined, chance)
            write["orders"].writerow(row)
            if n % 8 == 0 and row[6]:
                write["feedback"].writerow(feedback_row(n, row))
    return paths


def started(files: ExitStack, path: Path, header: str) -> Any:
    file = files.enter_context(path.open("w", newline="", encoding="utf-8"))
    file.write(header + "\r\n")
    return csv.writer(file)


def customer_row(n: int) -> tuple[Any, ...]:
    reach = f"c{n}@example.com", f"+4420794{n % 100_000:05}"
    return f"c{n}", f"Customer {n}", *reach, f"Town {n % 500}", "", "", COUNTRIES[n % 5]


def order_row(n: int, joined: list[datetime], chance: random.Random) -> tuple[Any, ...]:
    who = n if n < len(joined) else int(chance.random() ** 1.2 * len(joined))
    placed = joined[who] if n < len(joined) else joined[who] + chance.random() * (LAST - joined[who])
    fate, pace = chance.random(), chance.random()
    handed = placed + timedelta(days=2 * pace)
    delivered = placed + timedelta(days=(9 if fate > 0.96 else 2) + 4 * pace)
    arrived = fate >= 0.026 and delivered <= LAST
    return (
        f"o{n}",
        f"c{who}",
        placed.isoformat(" ", "seconds"),
        "cancelled" if fate < 0.02 else "delivered" if arrived else "shipped",
        handed.isoformat(" ", "seconds") if fate >= 0.02 and handed <= LAST else "",
        (placed + timedelta(days=8)).date().isoformat(),
        delivered.isoformat(" ", "seconds") if arrived else "",
        f"{5 + 195 * chance.random() ** 2:.2f}",
        "EUR",
        1 + n % 4,
        "jackets",
    )


def feedback_row(n: int, order: tuple[Any, ...]) -> tuple[Any, ...]:
    text = "The jacket is warm, the zip sticks a little."
    return f"f{n}", order[0], order[1], 1 + n % 5, "", text, order[6], "en"

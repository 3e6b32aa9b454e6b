"""The columns of a customers file that say whom we may contact, and how.

A file may always refuse. It may only give back what an earlier file said: a refusal that a person
recorded here is never overturned by importing.
"""

from collections.abc import Sequence

from django.db import connection

from apps.core.csv_reader import Convert, Field, Unreadable
from apps.core.csv_reader.values import shown
from apps.core.staging import Stage, Upsert

from .batch import Settings

BOTH = ("service", "recognition")
# Column: channel and purposes. A marketing consent says nothing on replies and apologies
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "phone_permission": ("phone", BOTH),
    "do_not_call": ("phone", BOTH),
    "email_permission": ("email", BOTH),
    "post_permission": ("post", BOTH),
    "phone_marketing_permission": ("phone", ("recognition",)),
    "email_marketing_permission": ("email", ("recognition",)),
}
GIVEN = {"given", "yes", "y", "true", "1", "subscribed", "opted_in", "opt-in", "granted"}
REFUSED = {"refused", "no", "n", "false", "0", "unsubscribed", "opted_out", "opt-out", "denied", "withdrawn"}
NOTHING_SAID = {"", "never_asked", "never asked", "unknown", "not_subscribed", "pending", "none", "null"}


def permission(text: str) -> str:
    said = text.strip().lower()
    if said in GIVEN:
        return "given"
    if said in REFUSED:
        return "refused"
    if said in NOTHING_SAID:
        return ""
    raise Unreadable(f"is not given, refused or blank: {shown(text)}")


def do_not_call(text: str) -> str:
    """Yes is a refusal; no says nothing."""
    return "refused" if permission(text) == "given" else ""


def fields() -> list[Field]:
    def field(name: str, *aliases: str, convert: Convert = permission) -> Field:
        return Field(name, convert, aliases)

    return [
        field("phone_permission", "accepts_calls", "accepts_phone", "phone_consent", "may_call"),
        field("do_not_call", "dnc", convert=do_not_call),
        field("email_permission", "accepts_email", "accepts_emails", "email_consent", "may_email"),
        field("post_permission", "accepts_post", "post_consent", "accepts_mail"),
        field("phone_marketing_permission", "accepts_sms_marketing", "phone_marketing_consent"),
        field("email_marketing_permission", "accepts_email_marketing", "accepts_marketing", "newsletter"),
    ]


def in_stage(stage: Stage) -> list[str]:
    return [column for column in COLUMNS if column in stage.columns]


def said(stage: Stage, columns: Sequence[str]) -> str:
    """SQL: external id, channel, purpose and state that the stage says; a refusal beats what is given."""
    parts = [
        f"SELECT external_id, '{channel}' AS channel, '{purpose}' AS purpose, \"{column}\" AS state "
        f'FROM "{stage.name}" WHERE "{column}" <> \'\''
        for column in columns
        for channel, purposes in [COLUMNS[column]]
        for purpose in purposes
    ]
    every = " UNION ALL ".join(parts)
    return f"SELECT external_id, channel, purpose, max(state) AS state FROM ({every}) u GROUP BY 1, 2, 3"


def _changed(stage: Stage, columns: Sequence[str]) -> str:
    """SQL: what differs from the permissions that stand, of those that a file may change."""
    return (
        f"FROM ({said(stage, columns)}) n "
        "JOIN customers_customer c ON c.source = %(source)s AND c.external_id = n.external_id "
        "LEFT JOIN customers_permission p "
        "ON p.customer_id = c.id AND p.channel = n.channel AND p.purpose = n.purpose "
        "WHERE p.id IS NULL OR (p.state <> n.state AND (n.state = 'refused' OR p.origin = %(origin)s))"
    )


def origin(source: str) -> str:
    return f"import of {source}"


def changed_customers(upsert: Upsert, columns: Sequence[str]) -> int:
    """How many customers that stand and do not differ otherwise get other permissions."""
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    same = " AND ".join(f'NOT (c."{name}" {differs} {value})' for name, value in upsert.values.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*) FROM "{upsert.stage.name}" s '
            "JOIN customers_customer c ON c.source = %(source)s AND c.external_id = s.external_id "
            f"WHERE {same or 'true'} AND c.id IN (SELECT c.id {_changed(upsert.stage, columns)})",
            {"source": upsert.source, "origin": origin(upsert.source)},
        )
        return int(cursor.fetchone()[0])


def write(stage: Stage, columns: Sequence[str], settings: Settings) -> None:
    """Upsert the permissions, and leave one Event for each that changed."""
    params = {
        "source": settings.source,
        "origin": origin(settings.source),
        "now": connection.ops.adapt_datetimefield_value(settings.now),
    }
    changed = _changed(stage, columns)
    data = (
        "jsonb_build_object('channel', n.channel, 'purpose', n.purpose)"
        if connection.vendor == "postgresql"
        else "json_object('channel', n.channel, 'purpose', n.purpose)"
    )
    now = "CAST(%(now)s AS timestamptz)" if connection.vendor == "postgresql" else "%(now)s"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_event "
            "(at, actor_id, subject, subject_id, verb, from_status, to_status, reason, data) "
            f"SELECT {now}, NULL, 'customers.customer', c.id, 'permission', coalesce(p.state, ''), n.state, "
            f"%(origin)s, {data} {changed}",
            params,
        )
        cursor.execute(
            "INSERT INTO customers_permission (customer_id, channel, purpose, state, origin, at) "
            f"SELECT c.id, n.channel, n.purpose, n.state, %(origin)s, {now} {changed} "
            "ON CONFLICT (customer_id, channel, purpose) DO UPDATE "
            "SET state = EXCLUDED.state, origin = EXCLUDED.origin, at = EXCLUDED.at",
            params,
        )

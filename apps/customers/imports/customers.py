"""A file of customers."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale

from apps.core.csv_reader import Convert, Field, Reject, Table
from apps.core.csv_reader.values import code, identity, words
from apps.core.staging import Changes, Upsert, column_types

from ..models import Customer
from ..phones import e164
from . import permissions
from .batch import FileImport, Settings
from .notes import Notes

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+").fullmatch
EMAIL_LIMIT = 254
ID_NAMES = ("id", "external_id", "customer", "customer_number", "customer_unique_id", "client_id", "user_id")
PHONE_NAMES = ("phone_number", "telephone", "tel", "mobile", "billing_phone", "customer_phone")
STREET_NAMES = (
    *("address", "address1", "address_line_1", "address_line1", "street_address", "shipping_address1"),
    *("default_address_address1", "billing_address_1", "billing_address1", "shipping_address_1"),
)
POSTCODE_NAMES = (
    *("postal_code", "zip", "zip_code", "zip_prefix", "zip_code_prefix", "customer_zip_code_prefix"),
    *("default_address_zip", "billing_postcode"),
)
COUNTRY_NAMES = ("country_code", "default_address_country_code", "billing_country")
PHONE_NOTE = "phone numbers could not be read and were left out"
EMAIL_NOTE = "e-mail addresses could not be read and were left out"
COUNTRY_NOTE = "countries are not known and were left out"
ZONE_NOTE = "time zones are not known and were left out"
NAME_PARTS = ["first_name", "last_name"]
OWN_COLUMNS = [
    *("name", "called", "pronoun", "email", "phone", "language", "street", "city", "state", "postcode"),
    *("country", "time_zone"),
]


class CustomersImport(FileImport):
    kind = "customers"

    def __init__(self, table: Table, settings: Settings, reject: Reject, notes: Notes) -> None:
        super().__init__(table, settings, reject, notes)
        self._phone, self._country = self.at.get("phone"), self.at.get("country")
        parts = [] if "name" in self.at else NAME_PARTS
        self._name_parts = [self.at[part] for part in parts if part in self.at]

    @classmethod
    def fields(cls, settings: Settings, notes: Notes) -> Sequence[Field]:
        return [
            Field("customer_id", identity(120), ID_NAMES, required=True),
            Field("name", words(160), ("full_name", "customer_name", "display_name")),
            Field("first_name", words(160), ("firstname", "given_name", "billing_first_name")),
            Field("last_name", words(160), ("lastname", "surname", "family_name", "billing_last_name")),
            Field("called", words(80), ("preferred_name", "nickname")),
            Field("pronoun", words(20), ("pronouns",)),
            Field("email", email(notes), ("e_mail", "email_address", "customer_email", "billing_email")),
            Field("phone", words(60), PHONE_NAMES),
            Field("language", code(10), ("locale", "lang", "customer_locale")),
            Field("street", words(200), STREET_NAMES),
            Field("city", words(120), ("town", "default_address_city", "billing_city", "customer_city")),
            Field("state", words(60), ("region", "province", "customer_state", "billing_state")),
            Field("postcode", words(20), POSTCODE_NAMES),
            Field("country", country(notes), COUNTRY_NAMES),
            Field("time_zone", time_zone(notes), ("timezone", "tz")),
            *permissions.fields(),
        ]

    def stage_columns(self) -> dict[str, str]:
        types = column_types(Customer, ["external_id", *OWN_COLUMNS])
        names = {"customer_id": "external_id"}
        if self._name_parts:
            names[self.table.fields[self._name_parts[0]].name] = "name"
        columns = [names.get(field.name, field.name) for field in self.table.fields]
        return {column: types.get(column, "text") for column in columns}

    def make_upsert(self) -> Upsert:
        values = {column: f's."{column}"' for column in OWN_COLUMNS if column in self.stage.columns}
        defaults = {"created_at": self.settings.now}
        return Upsert(Customer, self.stage, self.settings.source, values, defaults=defaults)

    def idle_fields(self) -> Collection[str]:
        return NAME_PARTS if "name" in self.at else ()

    def finish(self, values: list[Any], cells: list[str], line: int) -> str:
        if self._name_parts:
            name = " ".join(values[i] for i in self._name_parts if values[i])
            values[self._name_parts[0]] = name[:160]
        if self._phone is not None and values[self._phone]:
            own = values[self._country] if self._country is not None else ""
            number = e164(values[self._phone], own or self.settings.country)
            if not number:
                self.notes.add(PHONE_NOTE)
            values[self._phone] = number
        return str(values[0])

    def merge(self) -> Changes:
        """Customers, then their permissions; one whose permissions alone changed counts as updated."""
        asked = permissions.in_stage(self.stage)
        if not asked:
            return self.upsert.write()
        before = permissions.changed_customers(self.upsert, asked)
        changes = self.upsert.write()
        permissions.write(self.stage, asked, self.settings)
        return Changes(changes.created, changes.updated + before)


def email(notes: Notes) -> Convert:
    """An address in lower case; what cannot be one is left out, the customer is kept."""

    def convert(text: str) -> str:
        text = text.strip().lower()
        if text and (len(text) > EMAIL_LIMIT or not EMAIL(text)):
            notes.add(EMAIL_NOTE)
            return ""
        return text

    return convert


@lru_cache(maxsize=1)
def country_codes() -> dict[str, str]:
    """`BR` and `brazil` to `BR`."""
    names = {code: name for code, name in Locale("en").territories.items() if len(code) == 2}
    return {**{name.lower(): code for code, name in names.items()}, **{code.lower(): code for code in names}}


def country(notes: Notes) -> Convert:
    known = country_codes()

    def convert(text: str) -> str:
        found = known.get(text.strip().lower(), "")
        if not found and text.strip():
            notes.add(COUNTRY_NOTE)
        return found

    return convert


def time_zone(notes: Notes) -> Convert:
    known = available_timezones()

    def convert(text: str) -> str:
        text = text.strip()
        if text and text not in known:
            notes.add(ZONE_NOTE)
            return ""
        return text

    return convert

"""Pieces of SQL that plays share, the same on SQLite and PostgreSQL."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Case, CharField, DateField, DateTimeField, F, Func, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncDate
from django.db.models.sql.compiler import SQLCompiler

from .moment import Moment

NO_KIND = Value("")
ONE_DAY = Value(1)
NO_KEY = Cast(Value(None), BigIntegerField())
NO_TIME = Cast(Value(None), DateTimeField())


class MoneyText(Func):
    """An amount as text with two decimals, "49.50": JSON keeps no decimals."""

    output_field = CharField()
    template = "(%(expressions)s)::numeric(16,2)::text"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="printf('%%%%.2f', %(expressions)s)", **context)


class DaysAfter(Func):
    """A date and a whole number of days: `DaysAfter("promised_on", 11)`."""

    output_field = DateField()
    template = "(%(expressions)s)"
    arg_joiner = " + "

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        template = "date(%(expressions)s || ' days')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", ", **context)


def local_day(field: str, moment: Moment) -> TruncDate:
    """The shop's day of a moment in time."""
    return TruncDate(field, tzinfo=moment.zone)


def start_of_day(day: str | Combinable, moment: Moment, *, back: int) -> Case:
    """The instant at which a date of the last `back` days began in the shop's zone.

    Each day is looked up, so that a day whose clocks change begins when it did there.
    """
    days: list[date] = [moment.today - timedelta(days=n) for n in range(back + 1)]
    return Case(
        *(When(**{str(day): each, "then": Value(moment.calendar.start_of_day(each))}) for each in days),
        output_field=DateTimeField(),
    )


def hours_after(field: str, hours: int) -> Any:
    return F(field) + Value(timedelta(hours=hours))

"""The candidate sheet: one statement finds who is due, asks every guard and writes down the outcomes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models
from django.db.models import Case, QuerySet, Value, When

from .holdout import in_holdout
from .ledger import execute
from .models import Campaign, Candidate, Verdict
from .moment import Moment
from .plays import Occasions, Play
from .plays.base import Sql
from .registry import Condition, guards
from .temporary import temporary_table

ENROLLED = "enrolled"
HOLDOUT = "holdout"


@contextmanager
def candidate_sheet(play: Play, campaign: Campaign, moment: Moment) -> Iterator[QuerySet[Verdict]]:
    """The verdicts on all candidates, while the block lasts."""
    with temporary_table(Verdict), uncompiled():
        execute(*_fill(play, campaign, moment))
        yield Verdict.objects.all()


@contextmanager
def uncompiled() -> Iterator[None]:
    """Keep PostgreSQL from compiling the big statements of a pass: that takes longer than running them."""
    if connection.vendor != "postgresql":
        yield
        return
    execute("SET jit = off")
    yield
    execute("RESET jit")


def outcome_of(play: Play, campaign: Campaign, moment: Moment) -> Case:
    """The first reason that holds a candidate back, in the order of the guards; then the holdout."""
    asked: list[tuple[Condition | None, str]] = [
        (guard.condition(play, campaign, moment), guard.reason) for guard in guards()
    ]
    asked.append((in_holdout(play, campaign), HOLDOUT))
    cases = [When(condition, then=Value(reason)) for condition, reason in asked if condition is not None]
    return Case(*cases, default=Value(ENROLLED), output_field=models.CharField())


def _fill(play: Play, campaign: Campaign, moment: Moment) -> Sql:
    """INSERT ... WITH the play's query standing in for Candidate ... SELECT each with its outcome."""
    columns = Occasions.columns()
    judged = Candidate.objects.annotate(outcome=outcome_of(play, campaign, moment))
    verdicts, judging = judged.values_list(*columns, "outcome").query.sql_with_params()
    queries, params = _candidates(play.candidates(moment))
    statement = (
        f'INSERT INTO "{Verdict._meta.db_table}" ({_names([*columns, "outcome"])}) WITH {queries} {verdicts}'
    )
    return statement, (*params, *judging)


def _candidates(parts: Sequence[Occasions]) -> Sql:
    """The body of WITH: what lies beneath the parts, then their UNION ALL."""
    beneath = [
        (model, rows.query.sql_with_params()) for part in parts for model, rows in part.beneath.items()
    ]
    compiled = [part.sql() for part in parts]
    union = " UNION ALL ".join(sql for sql, _ in compiled)
    queries = [f'"{model._meta.db_table}" AS ({sql})' for model, (sql, _) in beneath]
    queries.append(f'"{Candidate._meta.db_table}" ({_names(Occasions.columns())}) AS MATERIALIZED ({union})')
    values = [*(params for _, (_, params) in beneath), *(params for _, params in compiled)]
    return ", ".join(queries), tuple(value for params in values for value in params)


def _names(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)

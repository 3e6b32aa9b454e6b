"""A queryset as a text with gaps: built by Django once for each shape, then only filled in.

Building the line of one's next tasks takes ten times as long as asking the database for it.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

# Stand-ins while the text is built: values that no row has
USER, TEAM, MOMENT = -1001, -2000, datetime(1900, 1, 1, 1, 1, 1, tzinfo=UTC)
Builder = Callable[..., QuerySet[Any, Any]]


@dataclass(frozen=True)
class Template:
    sql: str
    params: tuple[Any, ...]

    def filled(self, user_id: int, pools: list[int | None], now: datetime) -> list[Any]:
        """The parameters for this person at this moment."""
        adapted = connection.ops.adapt_datetimefield_value
        gaps = {USER: user_id, adapted(MOMENT): adapted(now)}
        gaps |= {TEAM - number: team_id for number, team_id in enumerate(pools)}
        return [gaps.get(value, value) for value in self.params]


def template_of(builder: Builder, pools: list[int | None]) -> Template:
    """Only which of the pools is that of no team changes the text, and the database that it is for."""
    skip_locked = connection.features.has_select_for_update_skip_locked
    return _built(builder, tuple(team_id is None for team_id in pools), connection.vendor, skip_locked)


@lru_cache(maxsize=64)
def _built(builder: Builder, nobodys: tuple[bool, ...], vendor: str, skip_locked: bool) -> Template:
    pools = [None if is_nobodys else TEAM - number for number, is_nobodys in enumerate(nobodys)]
    with transaction.atomic() if skip_locked else nullcontext():  # Django writes a lock only inside one
        sql, params = builder(USER, pools, MOMENT, skip_locked=skip_locked).query.sql_with_params()
    return Template(sql, tuple(params))

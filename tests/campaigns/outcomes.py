"""What a pass says of each candidate, for tests to compare."""

from datetime import datetime
from typing import Any

from apps.campaigns.engine import run_pass
from apps.campaigns.models import Campaign

Listed = tuple[str, str, str, str]


def outcomes(play: str, at: datetime, **options: Any) -> dict[str, str]:
    """Outcome by customer and occasion, by a dry run: `{"c1 order:o1": "enrolled"}`."""
    return {f"{who} {occasion}": outcome for who, occasion, _, outcome in listed(play, at, **options)}


def listed(play: str, at: datetime, *, dry_run: bool = True) -> list[Listed]:
    rows: list[Any] = []
    run_pass(at=at, dry_run=dry_run, plays=[play], listing=rows.extend)
    return [(who, occasion, kind, outcome) for _, who, occasion, kind, outcome in rows]


def switch_on(*plays: str, **settings: Any) -> None:
    """Everything is let in, and nobody is held out, unless said otherwise."""
    defaults = {"is_on": True, "backfill": "all", "holdout_percent": 0}
    chosen = Campaign.objects.filter(play__in=plays) if plays else Campaign.objects.all()
    chosen.update(**{**defaults, **settings})

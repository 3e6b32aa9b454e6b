import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from apps.campaigns.models import Backfill, Campaign
from apps.campaigns.moments import moment_in_shop
from apps.campaigns.registry import plays
from apps.campaigns.services import change_settings, switch_off, switch_on


class Command(BaseCommand):
    help = "List the campaigns, and switch them on or off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument(
            "--on", metavar="PLAY", help="switch the campaign of this play on; all for every one"
        )
        switch.add_argument("--off", metavar="PLAY", help="switch it off; all for every one")
        parser.add_argument(
            "--start",
            metavar="ISO",
            help="with --on: hold back what happened before; default: the first switch-on",
        )
        parser.add_argument(
            "--backfill", metavar="none|all|DAYS", help="with --on: let in what happened before the start"
        )
        parser.add_argument("--json", action="store_true", help="list as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if not options["on"] and (options["start"] or options["backfill"]):
            raise CommandError("--start and --backfill go with --on PLAY.")
        with transaction.atomic():
            for campaign in _campaigns(options["on"]):
                _switch_on(campaign, options, now)
            for campaign in _campaigns(options["off"]):
                switch_off(campaign, by=None, now=now)
        rows = [_row(campaign) for campaign in Campaign.objects.select_related("team")]
        self.stdout.write(json.dumps({"campaigns": rows}, indent=2) if options["json"] else _told(rows))


def _campaigns(play: str | None) -> list[Campaign]:
    if play is None:
        return []
    known = sorted(each.code for each in plays())
    if play != "all" and play not in known:
        raise CommandError(f"There is no play {play}. Name one of {', '.join(known)}, or all.")
    return list(Campaign.objects.all() if play == "all" else Campaign.objects.filter(play=play))


def _switch_on(campaign: Campaign, options: dict[str, Any], now: datetime) -> None:
    if options["backfill"]:
        change_settings(campaign, by=None, now=now, **_backfill(options["backfill"]))
    start = moment_in_shop(options["start"]) if options["start"] else None
    switch_on(campaign, by=None, now=now, starts_at=start)


def _backfill(text: str) -> dict[str, Any]:
    if text in {Backfill.NONE, Backfill.ALL}:
        return {"backfill": text}
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise CommandError("--backfill is none, all, or a number of days from 1 to 3650.")
    return {"backfill": Backfill.DAYS.value, "backfill_days": int(text)}


def _row(campaign: Campaign) -> dict[str, Any]:
    return {
        "play": campaign.play,
        "campaign": campaign.name,
        "on": campaign.is_on,
        "starts_at": _iso(campaign.starts_at),
        "backfill": campaign.backfill_days if campaign.backfill == Backfill.DAYS else campaign.backfill,
        "holdout_percent": campaign.holdout_percent,
        "tasks_per_day": campaign.tasks_per_day,
        "team": campaign.team.name if campaign.team else None,
        "last_pass_at": _iso(campaign.last_pass_at),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _told(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"{row['play']:<16} {'on ' if row['on'] else 'off'}  "
        f"start {row['starts_at'] or 'when first switched on'}, backfill {row['backfill']}, "
        f"holdout {row['holdout_percent']} %"
        for row in rows
    ]
    return "\n".join(lines) or "No campaigns yet. Run `manage.py migrate` first."

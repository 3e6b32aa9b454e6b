"""The places of the product: at most seven, by role, each with what waits there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.apologies.models import Offer
from apps.core.bounded import bounded_counts
from apps.feedback.models import FeedbackItem
from apps.outreach.models import Message
from apps.worklist.models import CareTask
from apps.worklist.shelves import day_shelves, on_any, pools_of

EVERYONE = frozenset(Role.values)
DECIDERS = frozenset({Role.MANAGER, Role.ADMIN})
PLANNERS = frozenset({Role.MANAGER, Role.MARKETER, Role.ADMIN})
CALLERS = frozenset({Role.REP, Role.MANAGER, Role.ADMIN})


@dataclass(frozen=True)
class Spot:
    """A place before it is shown: where it is, its key after `g`, and who has it."""

    name: str
    url_name: str
    icon: str
    key: str
    roles: frozenset[str] = EVERYONE
    also: tuple[str, ...] = ()  # pages whose place this is


APPROVAL_PAGES = ("desk:offer", "desk:causes", "desk:cause")
SHIFT_PAGES = ("desk:entries", "desk:plan", "desk:agents", "desk:contacts")
COST_PAGES = ("desk:failures", "desk:failure_rows", "desk:budgets")
WORDS_PAGES = ("desk:kept_words", "desk:rules")
MAIN = (
    Spot("Today", "desk:today", "today", "t", CALLERS, ("desk:workspace",)),
    Spot("Feedback", "desk:feedback", "feedback", "f", also=("desk:feedback_item",)),
    Spot("Approvals", "desk:approvals", "apology", "a", DECIDERS, APPROVAL_PAGES),
    Spot("Apologies", "desk:approvals", "apology", "a", frozenset({Role.REP}), ("desk:offer",)),
    Spot("Campaigns", "desk:campaigns", "campaign", "c", PLANNERS, ("desk:campaign",)),
    Spot("Customers", "desk:customers", "customers", "u", also=("desk:customer",)),
    Spot("Reports", "desk:shift", "reports", "r", also=(*SHIFT_PAGES, *COST_PAGES, *WORDS_PAGES)),
)
TEMPLATE_PAGES = ("desk:mail_templates", "desk:mail_template", "desk:new_mail_template")
MAIL_PAGES = ("desk:mail", "desk:suppressed", *TEMPLATE_PAGES)
SIDE = (
    Spot("Mails", "desk:mails", "mail", "m", also=MAIL_PAGES),
    Spot("Help", "desk:help", "help", "h"),
    Spot("Import", "desk:imports", "download", "i", PLANNERS),
    Spot("People", "accounts:people", "users2", "p", DECIDERS, ("accounts:person", "accounts:teams")),
    Spot("Settings", "accounts:shop", "settings", "s", frozenset({Role.ADMIN})),
)
DAY_HOLDS = 20  # of each shelf, as on Today
THUMB = 4  # the phone's bar holds these, and More


@dataclass(frozen=True)
class Place:
    name: str
    url: str
    icon: str
    key: str
    count: int = 0
    current: bool = False


@dataclass(frozen=True)
class Places:
    main: list[Place] = field(default_factory=list)
    side: list[Place] = field(default_factory=list)

    @property
    def thumb(self) -> list[Place]:
        return self.main[:THUMB]

    @property
    def more(self) -> list[Place]:
        return [*self.main[THUMB:], *self.side]

    @property
    def more_current(self) -> bool:
        return any(place.current for place in self.more)


def places_for(user: User, view_name: str, now: datetime) -> Places:
    """The places of this person, the current one marked, with their counts from one query."""
    main = [spot for spot in MAIN if user.role in spot.roles]
    side = [spot for spot in SIDE if user.role in spot.roles]
    counts = waiting_counts(user, [spot.url_name for spot in (*main, *side)], now)
    return Places(
        [_place(spot, view_name, counts.get(spot.url_name, 0)) for spot in main],
        [_place(spot, view_name, counts.get(spot.url_name, 0)) for spot in side],
    )


def _place(spot: Spot, view_name: str, count: int = 0) -> Place:
    current = view_name in (spot.url_name, *spot.also)
    return Place(spot.name, reverse(spot.url_name), spot.icon, spot.key, count, current)


def waiting_counts(user: User, url_names: list[str], now: datetime) -> dict[str, int]:
    """What waits at each place, counted to 100: one query that uses the partial indexes."""
    waiting = {name: querysets for name, querysets in _waiting(user, now).items() if name in url_names}
    flat = [(name, queryset) for name, querysets in waiting.items() for queryset in querysets]
    sums = dict.fromkeys(waiting, 0)
    for (name, _), count in zip(flat, bounded_counts([queryset for _, queryset in flat]), strict=True):
        sums[name] += count
    return sums


def _waiting(user: User, now: datetime) -> dict[str, list[QuerySet[Any, Any]]]:
    offers = Offer.objects.visible_to(user)
    return {
        "desk:today": [_day_of(user, now)] if user.role in CALLERS else [],
        "desk:feedback": [FeedbackItem.objects.on_the_desk_of(user).filter(status="waiting")],
        "desk:approvals": [
            offers.undecided().of_others(user) if user.role in DECIDERS else offers.came_back()
        ],
        "desk:mails": [Message.objects.visible_to(user).needs_a_look(now)],
    }


def _day_of(user: User, now: datetime) -> QuerySet[Any, Any]:
    """What Today lists as one's own, so that both tell the same number."""
    shelves = day_shelves(user.pk, pools_of(user), now)
    return CareTask.objects.filter(on_any(shelves, DAY_HOLDS)).phone_not_refused()


def places_named(words: str, user: User) -> list[Place]:
    """The places whose name holds these letters; all of them where there are no letters."""
    spots = [spot for spot in (*MAIN, *SIDE) if user.role in spot.roles]
    return [_place(spot, "") for spot in spots if words.lower() in spot.name.lower()]

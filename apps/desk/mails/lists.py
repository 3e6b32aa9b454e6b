"""The lists of mails: what needs a look, what is on its way, what was sent; or those of a customer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.core.bounded import bounded_counts
from apps.customers.search import find_customers
from apps.outreach.models import Message, MessageStatus
from apps.outreach.querysets import TELL_WITHIN, TO_LOOK_AT, MessageQuerySet

from .words import State, state_of

PER_PAGE = 50
LARGEST = 2**63 - 1  # that a key can be
TABS = {"look": "Needs a look", "moving": "On their way", "sent": "Sent"}
SENT = [MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.TAKEN_BACK]


class ListForm(forms.Form):
    """Which mails, from the address. What cannot be read is left out."""

    tab = forms.ChoiceField(choices=list(TABS.items()), required=False)
    q = forms.CharField(required=False, max_length=100)
    before_at = forms.DateTimeField(required=False)
    before_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def clean_before_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["before_at"]
        try:
            return at.astimezone(UTC) if at else None
        except OverflowError:
            return None


@dataclass(frozen=True)
class Row:
    message: Message
    state: State


@dataclass(frozen=True)
class MailList:
    rows: list[Row]
    tab: str
    words: str
    tabs: list[dict[str, Any]]
    looks: int  # how many need a look, counted to 100
    more: bool
    older: dict[str, str]  # the address of the next page, as a query


def mails_for(user: User, query: dict[str, Any], *, shop: Shop, now: datetime) -> MailList:
    form = ListForm(query)
    form.is_valid()
    facts = form.cleaned_data
    seen = Message.objects.visible_to(user)
    words = facts.get("q", "")
    looks, *by_state = bounded_counts([seen.needs_a_look(now), *_moving(seen, now)])
    moving = sum(by_state)
    tab = facts.get("tab") or ("look" if looks else "moving" if moving else "sent")
    found = _found(seen, words, tab, facts, user=user, shop=shop, now=now)
    rows = [Row(message, state_of(message)) for message in found[:PER_PAGE]]
    more = len(found) > PER_PAGE
    older = _older(rows[-1].message, tab, words) if more and (words or tab != "moving") else {}
    return MailList(rows, tab, words, _tabs(tab, words, [looks, moving]), looks, more, older)


def _found(
    seen: MessageQuerySet,
    words: str,
    tab: str,
    facts: dict[str, Any],
    *,
    user: User,
    shop: Shop,
    now: datetime,
) -> list[Message]:
    if words:
        customers = [customer.pk for customer in find_customers(words, user=user, shop=shop)]
        return _page(seen.filter(customer__in=customers), facts)
    if tab == "moving":
        return _next_out(seen, now)
    return _page(seen.needs_a_look(now) if tab == "look" else seen.filter(status__in=SENT), facts)


def _page(found: MessageQuerySet, facts: dict[str, Any]) -> list[Message]:
    """The newest before the last one seen, and one more: no page costs more than the first."""
    at, pk = facts.get("before_at"), facts.get("before_id")
    if isinstance(at, datetime) and pk:
        found = found.filter(created_at__lte=at).filter(Q(created_at__lt=at) | Q(pk__lt=pk))
    return list(found.select_related("customer", "by").order_by("-created_at", "-pk")[: PER_PAGE + 1])


def _moving(seen: MessageQuerySet, now: datetime) -> list[MessageQuerySet]:
    """What is on its way, by state: each is read from an index of its own."""
    young = seen.filter(TO_LOOK_AT, status=MessageStatus.UNKNOWN, began_at__gt=now - TELL_WITHIN)
    return [seen.filter(status=MessageStatus.QUEUED), seen.filter(status=MessageStatus.SENDING), young]


def _next_out(seen: MessageQuerySet, now: datetime) -> list[Message]:
    """The next to go out: the head of each state's own index, put in one order."""
    heads = [
        state.select_related("customer", "by").order_by("send_at", "pk")[: PER_PAGE + 1]
        for state in _moving(seen, now)
    ]
    return list(merge(*heads, key=attrgetter("send_at", "pk")))[: PER_PAGE + 1]


def _tabs(current: str, words: str, counts: list[int]) -> list[dict[str, Any]]:
    sizes: list[int | None] = [*counts, None]  # all that was ever sent is not counted
    page = reverse("desk:mails")
    return [
        {"url": f"{page}?tab={tab}", "name": name, "count": count, "current": not words and tab == current}
        for (tab, name), count in zip(TABS.items(), sizes, strict=True)
    ]


def _older(message: Message, tab: str, words: str) -> dict[str, str]:
    at = {"before_at": message.created_at.isoformat(), "before_id": str(message.pk)}
    return {**({"q": words} if words else {"tab": tab}), **at}

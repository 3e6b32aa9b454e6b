"""The work of a person for a letter: who prints and posts it, or tells what stands in it."""

from datetime import datetime

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop, User
from apps.worklist.calling import window_in
from apps.worklist.models import CareTask, Reach, TaskStatus

from ..models import Offer


def open_letter_task(offer: Offer, reach: str, *, now: datetime) -> CareTask:
    """Owed by the end of the next business day, by whoever spoke with them; not before the offer's moment."""
    about, person = offer.task, who_told(offer)
    begins = max(now, offer.moment or now)
    fields = {
        "play": "apology",
        "customer": offer.incident.customer,
        "team": about.team if about else None,
        "assignee": person,
        "status": TaskStatus.OPEN,
        "reach": reach,
        "owed": True,
        "priority": 1,
        "due_at": next_business_day(begins),
        "opens_at": begins if begins > now else None,
        "zone": about.zone if about else "",
        "facts": {**(about.facts if about else {}), "letter": offer.pk},
        "created_at": now,
        **(calling_window(about.zone if about else "", begins) if reach == Reach.PHONE else {}),
    }
    return CareTask.objects.create(key=f"letter:{offer.pk}:{offer.letters.count() + 1}", **fields)


def who_told(offer: Offer) -> User | None:
    """Whoever spoke or wrote to them last, if they still work here: the same person goes on with it."""
    if offer.task is None:
        return None
    last = offer.task.attempts.standing().select_related("by").order_by("-ended_at", "-pk").first()
    return last.by if last and last.by and last.by.is_active else None


def next_business_day(at: datetime) -> datetime:
    """Its end."""
    calendar = shop_calendar()
    return calendar.end_of_day(calendar.add_business_days(calendar.local_day(at), 1))


def calling_window(zone: str, at: datetime) -> dict[str, datetime]:
    window = window_in(zone, at, Shop.current())
    return {"calls_from": window.opens_at, "calls_until": window.closes_at}

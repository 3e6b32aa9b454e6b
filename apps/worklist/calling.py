"""May we call, and when: asked again each time somebody is about to."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.accounts.models import Shop
from apps.core.call_windows import call_window
from apps.customers.models import Customer, Permission, Purpose

from .models import CareTask, Reach


@dataclass(frozen=True)
class Window:
    """The calling window that is open, or the next. The shop's zone stands in for an unknown one."""

    opens_at: datetime
    closes_at: datetime
    now: datetime
    zone: ZoneInfo
    is_known: bool

    @property
    def is_open(self) -> bool:
        return self.opens_at <= self.now < self.closes_at

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def closes_soon(self) -> bool:
        return self.is_open and (self.closes_at - self.now).total_seconds() < 3600


def window_of(task: CareTask, at: datetime, shop: Shop | None = None) -> Window:
    return window_in(task.zone, at, shop or Shop.current())


def window_in(zone_name: str, at: datetime, shop: Shop) -> Window:
    zone = ZoneInfo(zone_name or shop.time_zone)
    opens, closes = call_window(zone, shop.calls_from, shop.calls_until, at)
    return Window(opens, closes, at, zone, bool(zone_name))


def purpose_of(task: CareTask) -> Purpose:
    return Purpose.SERVICE if task.owed else Purpose.RECOGNITION


def refused_channels(customer: Customer, purpose: str) -> set[str]:
    refused = Permission.objects.filter(customer=customer, purpose=purpose, state="refused")
    return set(refused.values_list("channel", flat=True))


def refused_by_phone(task: CareTask) -> bool:
    return Reach.PHONE in refused_channels(task.customer, purpose_of(task))


def phone_way(customer: Customer, purpose: str = Purpose.SERVICE) -> Reach | None:
    is_open = customer.phone and Reach.PHONE not in refused_channels(customer, purpose)
    return Reach.PHONE if is_open else None


def post_way(customer: Customer, purpose: str = Purpose.SERVICE) -> Reach | None:
    has_address = customer.postcode and customer.city
    return Reach.POST if has_address and Reach.POST not in refused_channels(customer, purpose) else None


def way_without_mail(customer: Customer) -> Reach:
    """For what is owed and no mail has told: by phone before by post; none left: find one."""
    return phone_way(customer) or post_way(customer) or Reach.FIND


def other_way(task: CareTask) -> Reach:
    """The best channel but the phone that is open for this task; none left: find one."""
    customer = task.customer
    refused = refused_channels(customer, purpose_of(task))
    if customer.email and Reach.EMAIL not in refused:
        return Reach.EMAIL
    if customer.postcode and customer.city and Reach.POST not in refused:
        return Reach.POST
    return Reach.FIND

"""What the customer page shows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Sum
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    country_code_for_region,
    format_number,
    parse,
)

from apps.accounts.models import Shop, User
from apps.apologies.permissions import may_report
from apps.customers.models import Channel, Customer, Permission, Purpose
from apps.customers.services import customer_zone
from apps.worklist.models import CareTask
from apps.writing.boxes import show_findings

from .forms import NoteForm, PermissionsForm
from .timeline import timeline

TASKS_SHOWN = 10
CHANNEL_ICONS = {"phone": "phone", "email": "mail", "post": "pin"}


@dataclass(frozen=True)
class ChannelSign:
    """What we may do on one channel, in words."""

    label: str
    icon: str
    kind: str
    words: str


def page_of(
    customer: Customer,
    *,
    user: User,
    now: datetime,
    note_form: NoteForm | None = None,
    permissions_form: PermissionsForm | None = None,
) -> dict[str, Any]:
    shop = Shop.current()
    note_form = note_form or NoteForm(initial={"note": customer.note, "seen": customer.note})
    show_findings(note_form, by=user, about=customer)
    tasks = CareTask.objects.visible_to(user).filter(
        customer=customer, status__in=["waiting", "open", "held"]
    )
    return {
        "customer": customer,
        "shop": shop,
        "phone_words": phone_words(customer.phone, shop.country),
        "their_zone": customer_zone(customer, shop),
        "figures": figures(customer),
        "channels": channel_signs(customer),
        "closed": closed_channels(customer),
        "may_report": may_report(user),
        "moments": timeline(customer, user=user, shop=shop),
        "tasks": tasks.select_related("held_by").order_by("priority", "due_at")[:TASKS_SHOWN],
        "note_form": note_form,
        "permissions_form": permissions_form or PermissionsForm(customer=customer),
        "editing": permissions_form is not None,
    }


def figures(customer: Customer) -> dict[str, Any]:
    """Orders that stand: how many, for how much, since when."""
    found: dict[str, Any] = customer.orders.filter(is_void=False).aggregate(
        count=Count("pk"), spent=Sum("total"), first=Min("placed_at"), last=Max("placed_at")
    )
    return {**found, "spent": found["spent"] or Decimal(0)}


def channel_signs(customer: Customer) -> list[ChannelSign]:
    states: dict[str, dict[str, str]] = defaultdict(dict)
    for permission in customer.permissions.all():
        states[permission.channel][permission.purpose] = permission.state
    return [_channel_sign(channel, states[channel]) for channel in Channel]


def closed_channels(customer: Customer) -> set[str]:
    """Where they may not even be told what they are owed: no link leads there."""
    return {
        permission.channel
        for permission in customer.permissions.all()
        if (permission.purpose, permission.state) == (Purpose.SERVICE, Permission.State.REFUSED)
    }


def _channel_sign(channel: Channel, states: dict[str, str]) -> ChannelSign:
    never = Permission.State.NEVER_ASKED
    service, recognition = (states.get(purpose, never) for purpose in (Purpose.SERVICE, Purpose.RECOGNITION))
    closed = Permission.State.REFUSED
    if service == recognition:
        words = Permission.State(service).label
    else:
        words = f"Service {Permission.State(service).label.lower()}, recognition " + (
            Permission.State(recognition).label.lower()
        )
    if closed in (service, recognition):
        return ChannelSign(channel.label, "ban", "alert", words)
    icon = "check" if Permission.State.GIVEN in (service, recognition) else CHANNEL_ICONS[channel]
    return ChannelSign(channel.label, icon, "good" if icon == "check" else "", words)


def phone_words(phone: str, country: str) -> str:
    """The number as people write it: national in the shop's country, international elsewhere."""
    try:
        number = parse(phone)
    except NumberParseException:
        return phone
    at_home = number.country_code == country_code_for_region(country)
    shape = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return str(format_number(number, shape))

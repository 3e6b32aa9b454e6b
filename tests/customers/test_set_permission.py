from datetime import datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.core.models import Event
from apps.customers.models import Permission
from apps.customers.services import refuse_calls, set_permission
from tests.factories import make_customer

ASKED = {"channel": "phone", "purpose": "service", "origin": "said so on the phone"}


def test_what_a_customer_said_is_kept_with_its_source_and_time(rep: User, now: datetime) -> None:
    customer = make_customer()

    set_permission(customer, state="given", by=rep, now=now, **ASKED)

    permission = customer.permissions.get()
    assert (permission.state, permission.origin, permission.at) == ("given", ASKED["origin"], now)
    event = Event.objects.get(verb="permission")
    assert (event.actor, event.to_status, event.data) == (
        rep,
        "given",
        {"channel": "phone", "purpose": "service"},
    )


def test_a_change_of_mind_leaves_a_second_event(rep: User, now: datetime) -> None:
    customer = make_customer()
    set_permission(customer, state="given", by=rep, now=now, **ASKED)

    set_permission(customer, state="refused", by=rep, now=now + timedelta(days=1), **ASKED)

    assert customer.permissions.get().state == "refused"
    assert Event.objects.get(from_status="given").to_status == "refused"


def test_saying_the_same_again_changes_nothing(rep: User, now: datetime) -> None:
    customer = make_customer()
    for days in (0, 1):
        set_permission(customer, state="given", by=rep, now=now + timedelta(days=days), **ASKED)

    assert customer.permissions.get().at == now
    assert Event.objects.filter(verb="permission").count() == 1


def test_do_not_call_closes_the_phone_for_every_purpose(rep: User, now: datetime) -> None:
    customer = make_customer()

    refuse_calls(customer, origin="do not call, said in a call", by=rep, now=now)

    closed = set(customer.permissions.values_list("channel", "purpose", "state"))
    assert closed == {("phone", "service", "refused"), ("phone", "recognition", "refused")}


def test_an_unknown_channel_is_refused(rep: User, now: datetime) -> None:
    with pytest.raises(ValueError, match="pigeon"):
        set_permission(
            make_customer(), channel="pigeon", purpose="service", state="given", origin="", by=rep, now=now
        )
    assert not Permission.objects.exists()

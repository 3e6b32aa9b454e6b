from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import Event
from apps.customers.models import Customer
from apps.customers.services import set_permission
from tests.factories import make_customer, make_feedback, make_incident, make_order, make_task


def page_of(client: Client, customer: Customer) -> str:
    response = client.get(reverse("desk:customer", args=[customer.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_one_timeline_tells_it_all_newest_first(signed_in: Client, rep: User, now: datetime) -> None:
    customer = make_customer(name="Grace Okafor")
    order = make_order(customer, external_id="1042", placed_at=now - timedelta(days=9))
    make_feedback(customer, order=order, text="The hood is stiff", received_at=now - timedelta(days=2))
    make_incident(customer, order=order, known_on=(now - timedelta(days=5)).date())
    set_permission(
        customer, channel="phone", purpose="service", state="refused", origin="by letter", by=rep, now=now
    )

    page = page_of(signed_in, customer)

    told = [
        page.index(words) for words in ("by letter", "The hood is stiff", "Late, order 1042", "Ordered 1042")
    ]
    assert told == sorted(told)


def test_a_customer_of_whom_nothing_is_known_has_a_page(signed_in: Client) -> None:
    customer = make_customer(
        name="", email="", phone="", country="", time_zone="", external_id="3b32327f677f"
    )

    page = page_of(signed_in, customer)

    assert "Customer 3b32327f" in page
    assert "No phone or e-mail is known" in page
    assert "Nothing has happened yet" in page


def test_markup_in_a_name_stays_text(signed_in: Client) -> None:
    page = page_of(signed_in, make_customer(name="<script>alert(1)</script>"))

    assert "<script>alert(1)" not in page


def test_a_refused_channel_has_no_link(signed_in: Client, rep: User, now: datetime) -> None:
    customer = make_customer(email="grace@example.com")
    assert "tel:+44" in page_of(signed_in, customer)
    assert "mailto:grace" in page_of(signed_in, customer)
    for channel in ("phone", "email"):
        said = {"state": "refused", "origin": "by letter", "by": rep, "now": now}
        set_permission(customer, channel=channel, purpose="service", **said)

    page = page_of(signed_in, customer)

    assert "tel:" not in page
    assert "mailto:" not in page
    assert "Asked not to be called" in page


def test_open_tasks_link_to_their_workspace(signed_in: Client, now: datetime) -> None:
    task = make_task(make_customer())

    assert reverse("desk:workspace", args=[task.pk]) in page_of(signed_in, task.customer)


def test_a_note_is_saved_and_logged(signed_in: Client, rep: User) -> None:
    customer = make_customer(note="Old")
    url = reverse("desk:customer_note", args=[customer.pk])

    response = signed_in.post(url, {"note": "Prefers\r\nmornings", "seen": "Old"})

    assert response.status_code == 302
    customer.refresh_from_db()
    assert customer.note == "Prefers\nmornings"
    assert Event.objects.get(verb="note").actor == rep


def test_a_note_that_somebody_else_changed_is_not_overwritten(signed_in: Client) -> None:
    customer = make_customer(note="Theirs")
    url = reverse("desk:customer_note", args=[customer.pk])

    response = signed_in.post(url, {"note": "Mine", "seen": "Old"})

    assert response.status_code == 422
    assert "Somebody else changed this note" in response.content.decode()
    customer.refresh_from_db()
    assert customer.note == "Theirs"


def permissions(**changed: str) -> dict[str, Any]:
    pairs = [
        f"{channel}_{purpose}"
        for channel in ("phone", "email", "post")
        for purpose in ("service", "recognition")
    ]
    return dict.fromkeys(pairs, "never_asked") | {"origin": "said so on the phone"} | changed


def test_permissions_are_kept_as_the_customer_said_them(signed_in: Client, rep: User) -> None:
    customer = make_customer()
    url = reverse("desk:customer_permissions", args=[customer.pk])

    signed_in.post(url, permissions(phone_recognition="refused", email_service="given"))

    kept = set(customer.permissions.values_list("channel", "purpose", "state"))
    assert kept == {("phone", "recognition", "refused"), ("email", "service", "given")}
    assert set(Event.objects.filter(verb="permission").values_list("actor", flat=True)) == {rep.pk}


def test_a_permission_needs_to_say_how_we_know(signed_in: Client) -> None:
    customer = make_customer()
    url = reverse("desk:customer_permissions", args=[customer.pk])

    response = signed_in.post(url, permissions(phone_service="given", origin=""))

    assert response.status_code == 422
    assert not customer.permissions.exists()


@pytest.mark.parametrize("name", ["desk:customer_note", "desk:customer_permissions"])
def test_changes_are_posted(signed_in: Client, name: str) -> None:
    customer = make_customer()

    assert signed_in.get(reverse(name, args=[customer.pk])).status_code == 405


def test_nobody_is_seen_without_signing_in(client: Client, shop: Any) -> None:
    customer = make_customer()

    assert client.get(reverse("desk:customer", args=[customer.pk])).status_code == 302


def test_the_page_reads_each_kind_once(
    signed_in: Client, now: datetime, django_assert_max_num_queries: Any
) -> None:
    customer = make_customer()
    for _ in range(5):
        order = make_order(customer)
        make_feedback(customer, order=order)
        make_incident(customer, order=order)
        make_task(customer)
    url = reverse("desk:customer", args=[customer.pk])

    # session, user, shop, places, share, then customer, permissions, figures, seven kinds, tasks
    with django_assert_max_num_queries(20):
        signed_in.get(url)

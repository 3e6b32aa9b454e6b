import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.apologies.models import STRENGTH, Incident, IncidentKind, Offer
from apps.apologies.services import approve, decline, reopen_incident, report_incident, resolve_incident
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.customers.models import Order
from apps.feedback.models import FeedbackItem
from apps.worklist.models import CareTask, TaskStatus
from tests import factories


def report(order: Order, by: User, now: datetime, kind: str, **fields: str) -> Incident:
    facts = {"severity": "moderate", "detail": "", **fields}
    return report_incident(order.customer, kind=kind, by=by, now=now, order=order, **facts)


def test_a_report_makes_the_orders_incident(rep: User, now: datetime) -> None:
    order = factories.make_order()
    incident = report(order, rep, now, "broken", severity="serious", detail=" The lid came off. ")
    incident.refresh_from_db()
    assert (incident.order, incident.kind, incident.severity) == (order, "broken", "serious")
    assert (incident.detail, incident.reported_by, incident.known_on) == (
        "The lid came off.",
        rep,
        now.date(),
    )
    assert Event.objects.get(subject="apologies.incident").verb == "reported"


def test_a_customer_may_have_cases_without_an_order(rep: User, now: datetime) -> None:
    customer = factories.make_customer()
    for _ in range(2):
        report_incident(customer, kind="rude", severity="minor", detail="", by=rep, now=now)
    assert Incident.objects.filter(order=None).count() == 2


@pytest.mark.parametrize("weak", STRENGTH)
@pytest.mark.parametrize("strong", STRENGTH)
def test_the_stronger_kind_stays_in_one_row(rep: User, now: datetime, weak: str, strong: str) -> None:
    order = factories.make_order()
    report(order, rep, now, weak, detail="first")
    incident = report(order, rep, now, strong, detail="second")
    assert Incident.objects.get() == incident
    assert incident.kind == max(weak, strong, key=STRENGTH.index)
    assert incident.detail == "first\nsecond"


def test_every_kind_has_its_strength() -> None:
    assert sorted(STRENGTH) == sorted(IncidentKind.values)
    assert STRENGTH[-1] == "lost"


def test_the_graver_severity_stays(rep: User, now: datetime) -> None:
    order = factories.make_order()
    report(order, rep, now, "late", severity="serious")
    assert report(order, rep, now, "lost", severity="minor").severity == "serious"


def test_another_customers_order_is_refused(rep: User, now: datetime) -> None:
    order = factories.make_order()
    with pytest.raises(ValueError, match="belongs to another customer"):
        report_incident(
            factories.make_customer(), kind="late", severity="minor", detail="", by=rep, now=now, order=order
        )


def test_absorbing_makes_the_systems_offer_anew(
    incident: Incident, offer: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    approve(offer, by=manager, now=now, version=1)
    assert incident.order
    report(incident.order, rep, now, "lost", severity="serious")
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, offer.approved_hash, offer.version, offer.decided_by) == ("proposed", "", 2, None)
    assert (offer.amount, task.status) == (40, TaskStatus.WAITING)
    assert "€40.00" in offer.words


def test_after_a_delivered_apology_a_new_failure_is_a_case_of_its_own(
    incident: Incident, offer: Offer, rep: User, manager: User, now: datetime
) -> None:
    decided = {"decided_by": manager, "decided_at": now}
    Offer.objects.filter(pk=offer.pk).update(status="delivered", **decided)
    assert incident.order
    case = report(incident.order, rep, now, "broken", detail="The second one broke too.")
    assert (case.order, case.follows, case.detail) == (incident.order, incident, "The second one broke too.")


def test_resolving_keeps_the_reason_and_withdraws_offer_and_task(
    incident: Incident, offer: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    resolve_incident(incident, reason="Put right in the shop", by=manager, now=now)
    for row in (incident, offer, task):
        row.refresh_from_db()
    assert (incident.status, incident.resolution, incident.resolved_at) == (
        "resolved",
        "Put right in the shop",
        now,
    )
    assert (offer.status, task.status) == ("withdrawn", TaskStatus.WITHDRAWN)


def test_a_rep_resolves_and_reopens_nothing(incident: Incident, rep: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        resolve_incident(incident, reason="Done", by=rep, now=now)
    with pytest.raises(PermissionDenied):
        reopen_incident(incident, reason="Not done", by=rep, now=now)


def test_nothing_is_resolved_under_a_call(
    incident: Incident, offer: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    approve(offer, by=manager, now=now, version=1)
    held = {"status": "held", "held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=15)}
    CareTask.objects.filter(pk=task.pk).update(**held)
    with pytest.raises(Conflict, match="Ana Duarte is telling the customer"):
        resolve_incident(incident, reason="Done", by=manager, now=now)


@pytest.mark.parametrize("closed_by", ["decline", "resolve"])
def test_reopening_puts_the_offer_up_to_be_decided_again(
    incident: Incident, offer: Offer, task: CareTask, manager: User, now: datetime, closed_by: str
) -> None:
    if closed_by == "decline":
        decline(offer, by=manager, now=now, version=1, note="On time")
    else:
        resolve_incident(incident, reason="Put right", by=manager, now=now)
    incident.refresh_from_db()
    reopen_incident(incident, reason="It was not", by=manager, now=now)
    for row in (incident, offer, task):
        row.refresh_from_db()
    assert (incident.status, incident.resolution) == ("open", "")
    assert (offer.status, offer.decided_by, task.status) == ("proposed", None, TaskStatus.WAITING)
    approve(offer, by=manager, now=now, version=offer.version)


def test_the_page_is_prefilled_from_what_the_customer_wrote(signed_in: Client) -> None:
    order = factories.make_order()
    told = factories.make_feedback(order.customer, order=order, text="The lid came off.")
    url = reverse("desk:report_incident", args=[order.customer_id])
    page = signed_in.get(f"{url}?feedback={told.pk}&kind=broken").content.decode()
    assert "The lid came off.</textarea>" in page
    assert f'<option value="{order.pk}" selected>' in page
    assert re.search(r'value="broken"[^>]* checked', page)


def test_posting_reports_and_goes_back_to_the_feedback(signed_in: Client, rep: User) -> None:
    order = factories.make_order()
    told = factories.make_feedback(order.customer, order=order)
    url = reverse("desk:report_incident", args=[order.customer_id])
    facts = {"kind": "broken", "severity": "serious", "order": order.pk, "detail": "It broke."}
    page = signed_in.post(url, {**facts, "feedback": told.pk})
    assert page.headers["Location"] == reverse("desk:feedback_item", args=[told.pk])
    incident = Incident.objects.get()
    assert (incident.kind, incident.order, incident.reported_by) == ("broken", order, rep)


def test_nonsense_in_the_address_is_left_out(signed_in: Client) -> None:
    customer = factories.make_customer()
    url = reverse("desk:report_incident", args=[customer.pk])
    assert signed_in.get(f"{url}?feedback=%C2%B2&order=%C2%B2").status_code == 200


def test_a_post_without_a_kind_opens_the_prefilled_form(signed_in: Client) -> None:
    """The call workspace sends its notes along."""
    customer = factories.make_customer()
    page = signed_in.post(
        reverse("desk:report_incident", args=[customer.pk]), {"detail": "He was shouted at."}
    )
    assert page.status_code == 200
    assert "He was shouted at.</textarea>" in page.content.decode()
    assert not Incident.objects.exists()


def test_posting_a_wrong_kind_shows_the_form_again(signed_in: Client) -> None:
    customer = factories.make_customer()
    page = signed_in.post(
        reverse("desk:report_incident", args=[customer.pk]), {"kind": "stolen", "severity": "minor"}
    )
    assert page.status_code == 422
    assert not Incident.objects.exists()


def test_another_customers_order_cannot_be_posted(signed_in: Client) -> None:
    customer, order = factories.make_customer(), factories.make_order()
    facts = {"kind": "late", "severity": "minor", "order": order.pk}
    page = signed_in.post(reverse("desk:report_incident", args=[customer.pk]), facts)
    assert page.status_code == 422


def test_afterwards_it_goes_only_to_our_own_pages(signed_in: Client) -> None:
    customer = factories.make_customer()
    facts = {"kind": "rude", "severity": "minor", "next": "https://elsewhere.example/"}
    page = signed_in.post(reverse("desk:report_incident", args=[customer.pk]), facts)
    assert page.headers["Location"] == f"/customers/{customer.pk}/"


def test_a_marketer_reports_nothing(client: Client, marketer: User, now: datetime) -> None:
    order = factories.make_order()
    with pytest.raises(PermissionDenied):
        report(order, marketer, now, "late")
    client.force_login(marketer)
    url = reverse("desk:report_incident", args=[order.customer_id])
    assert client.get(url).status_code == 403
    assert url not in client.get(reverse("desk:customer", args=[order.customer_id])).content.decode()


def test_unknown_customer_and_other_methods_are_refused(signed_in: Client) -> None:
    assert signed_in.get(reverse("desk:report_incident", args=[999_999])).status_code == 404
    customer = factories.make_customer()
    assert signed_in.delete(reverse("desk:report_incident", args=[customer.pk])).status_code == 405


def test_nobody_reports_without_signing_in(client: Client, shop: Shop) -> None:
    customer = factories.make_customer()
    page = client.get(reverse("desk:report_incident", args=[customer.pk]))
    assert page.status_code == 302
    assert "/sign-in/" in page.headers["Location"]


@pytest.fixture
def without_order(shop: Shop) -> FeedbackItem:
    return factories.make_feedback(text="Nobody answers me.", score=1)


def post_report(client: Client, item: FeedbackItem, **fields: object) -> HttpResponse:
    facts = {"kind": "silent", "severity": "serious", "detail": "Nobody answers me.", "feedback": item.pk}
    url = reverse("desk:report_incident", args=[item.customer_id])
    return client.post(url, {**facts, **fields}, follow=True)  # type: ignore[return-value]


def test_sending_the_form_twice_makes_one_incident_of_one_item(
    signed_in: Client, without_order: FeedbackItem
) -> None:
    for _ in range(2):
        post_report(signed_in, without_order)
    incident = Incident.objects.get()
    assert (incident.feedback, incident.detail) == (without_order, "Nobody answers me.")
    assert Event.objects.filter(subject="apologies.incident").count() == 1


def test_a_second_report_of_one_item_is_added_to_its_incident(
    signed_in: Client, without_order: FeedbackItem
) -> None:
    post_report(signed_in, without_order)
    post_report(signed_in, without_order, kind="broken", detail="And it broke.")
    incident = Incident.objects.get()
    assert (incident.kind, incident.detail) == ("broken", "Nobody answers me.\nAnd it broke.")


def test_an_item_whose_apology_was_heard_opens_no_second_one(
    signed_in: Client, without_order: FeedbackItem, manager: User, now: datetime
) -> None:
    post_report(signed_in, without_order)
    decided = {"decided_by": manager, "decided_at": now}
    factories.make_offer(Incident.objects.get(), status="delivered", **decided)
    page = post_report(signed_in, without_order).content.decode()
    assert "We apologised already for what they wrote here." in page
    assert Incident.objects.count() == 1


def test_the_same_report_twice_voids_no_approval(
    incident: Incident, offer: Offer, rep: User, manager: User, now: datetime
) -> None:
    assert incident.order
    report(incident.order, rep, now, "late", detail="Two days.")
    offer.refresh_from_db()
    approve(offer, by=manager, now=now, version=offer.version)
    report(incident.order, rep, now, "late", detail="Two days.")
    offer.refresh_from_db()
    assert offer.status == "approved"

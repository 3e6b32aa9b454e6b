import re
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Incident
from apps.apologies.services import confirm_heard, dismiss_heard
from apps.apologies.services.confirming import heard_and_open
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.feedback.models import FeedbackItem
from tests import factories


@pytest.fixture
def item(shop: object) -> FeedbackItem:
    order = factories.make_order()
    return factories.make_feedback(order.customer, order=order, score=1, text="It came eight days late.")


def url(item: FeedbackItem, name: str) -> str:
    return reverse(f"desk:{name}", args=[item.pk])


def test_one_press_opens_the_orders_incident(signed_in: Client, item: FeedbackItem, rep: User) -> None:
    page = signed_in.get(url(item, "feedback_item")).content.decode()
    assert "This sounds like: it came late." in page
    assert 'data-key="i"' in page
    answer = signed_in.post(url(item, "confirm_failure"), follow=True)
    incident = Incident.objects.get()
    assert (incident.kind, incident.order, incident.feedback, incident.reported_by) == (
        "late",
        item.order,
        item,
        rep,
    )
    assert incident.detail == "It came eight days late."
    assert "is owed an apology" in answer.content.decode()
    assert "This sounds like" not in signed_in.get(url(item, "feedback_item")).content.decode()


def test_the_page_posts_with_its_token(item: FeedbackItem, rep: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rep)
    page = client.get(url(item, "feedback_item")).content.decode()
    form = page[page.index(url(item, "confirm_failure")) :]
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form[: form.index("</form>")])
    assert token
    client.post(url(item, "confirm_failure"), {"csrfmiddlewaretoken": token[1]})
    assert Incident.objects.exists()


def test_twice_makes_one(item: FeedbackItem, rep: User, now: datetime) -> None:
    confirm_heard(item, kind="late", by=rep, now=now)
    with pytest.raises(Conflict, match="a moment ago"):
        confirm_heard(item, kind="late", by=rep, now=now)
    assert Incident.objects.count() == 1


def test_it_joins_what_the_order_told_already(item: FeedbackItem, rep: User, now: datetime) -> None:
    known = factories.make_incident(item.customer, order=item.order, kind="late")
    confirm_heard(item, kind="broken", by=rep, now=now)
    known.refresh_from_db()
    assert (Incident.objects.count(), known.kind, known.feedback) == (1, "broken", item)


def test_what_is_no_failure_is_not_asked_again(signed_in: Client, item: FeedbackItem) -> None:
    signed_in.post(url(item, "dismiss_failure"))
    assert heard_and_open(item) is None
    assert "This sounds like" not in signed_in.get(url(item, "feedback_item")).content.decode()
    signed_in.post(url(item, "confirm_failure"))
    assert not Incident.objects.exists()


def test_dismissing_twice_is_noted_once(item: FeedbackItem, rep: User, now: datetime) -> None:
    dismiss_heard(item, by=rep, now=now)
    dismiss_heard(item, by=rep, now=now)
    assert Event.objects.filter(verb="not_a_failure").count() == 1


def test_a_marketer_confirms_nothing(item: FeedbackItem, marketer: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        confirm_heard(item, kind="late", by=marketer, now=now)
    with pytest.raises(PermissionDenied):
        dismiss_heard(item, by=marketer, now=now)


@pytest.fixture
def second(item: FeedbackItem) -> FeedbackItem:
    """What they wrote about the same order a day later."""
    return factories.make_feedback(item.customer, order=item.order, score=1, text="It is late again.")


def test_each_item_about_one_order_is_settled_once(
    signed_in: Client, item: FeedbackItem, second: FeedbackItem
) -> None:
    for one in (item, second):
        signed_in.post(url(one, "confirm_failure"))
    assert heard_and_open(second) is None
    assert "This sounds like" not in signed_in.get(url(second, "feedback_item")).content.decode()
    signed_in.post(url(second, "confirm_failure"))
    incident = Incident.objects.get()
    assert (incident.feedback, incident.detail) == (item, "It came eight days late.\nIt is late again.")


def test_confirming_a_second_item_twice_is_refused(
    item: FeedbackItem, second: FeedbackItem, rep: User, now: datetime
) -> None:
    for one in (item, second):
        confirm_heard(one, kind="late", by=rep, now=now)
    with pytest.raises(Conflict, match="a moment ago"):
        confirm_heard(second, kind="late", by=rep, now=now)

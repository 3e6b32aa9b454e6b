import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Incident
from apps.apologies.services import approve, confirm_heard, dismiss_heard
from apps.apologies.services.confirming import heard_and_open
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.feedback.models import FeedbackItem
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.told import end

HEARD = factories.NOW


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


@pytest.fixture
def heard(item: FeedbackItem, rep: User, manager: User) -> FeedbackItem:
    """They wrote on the day before they heard the apology for the late parcel."""
    incident = factories.make_incident(item.customer, order=item.order, kind="late")
    offer = factories.make_offer(incident, task=owe(incident))
    approve(offer, by=manager, now=HEARD, version=1)
    end(CareTask.objects.get(), "talked", by=rep, now=HEARD)
    return item


def test_what_they_heard_an_apology_for_since_is_not_asked(
    signed_in: Client, heard: FeedbackItem, rep: User
) -> None:
    page = signed_in.get(url(heard, "feedback_item")).content.decode()
    assert "This sounds like" not in page
    assert "They heard our apology for this after they wrote it" in page
    with pytest.raises(Conflict, match="since they wrote this"):
        confirm_heard(heard, kind="late", by=rep, now=HEARD)


@pytest.mark.parametrize(
    ("written", "text"),
    [(HEARD + timedelta(hours=1), "It came eight days late."), (HEARD, "It was broken.")],
)
def test_what_was_not_put_right_by_it_is_asked(heard: FeedbackItem, written: datetime, text: str) -> None:
    heard.received_at, heard.text = written, text
    assert heard_and_open(heard) is not None


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

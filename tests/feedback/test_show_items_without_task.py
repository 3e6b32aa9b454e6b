"""Above the list: how many items have no task, why, and what can be done about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.campaigns.models import Campaign
from apps.feedback.models import FeedbackItem
from apps.worklist.models import CareTask
from tests import factories
from tests.feedback.conftest import enroll

URL = "/feedback/"


@pytest.fixture
def campaign(shop: object) -> Campaign:
    """On since an hour before the item came in."""
    campaign = Campaign.objects.get(play="feedback_reply")
    campaign.is_on, campaign.starts_at = True, factories.NOW - timedelta(hours=4)
    campaign.save(update_fields=["is_on", "starts_at"])
    return campaign


def page_for(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(URL).content.decode()


def test_a_campaign_that_is_off_is_named(
    client: Client, item: FeedbackItem, campaign: Campaign, manager: User
) -> None:
    Campaign.objects.update(is_on=False)
    page = page_for(client, manager)
    assert "1 item has no task:" in page
    assert "the campaign is off. Switch it on, or answer by hand." in page
    assert f'href="{reverse("desk:campaign", args=[campaign.pk])}"' in page


def test_items_from_before_the_start_are_told_apart(
    client: Client, item: FeedbackItem, campaign: Campaign, marketer: User
) -> None:
    for days in (40, 50):
        factories.make_feedback(received_at=factories.NOW - timedelta(days=days))
    page = page_for(client, marketer)
    assert "2 items have no task:" in page
    assert "before the campaign&#x27;s start" in page


def test_what_the_next_pass_takes_up_is_not_told_of(
    client: Client, item: FeedbackItem, campaign: Campaign, manager: User
) -> None:
    assert "no task:" not in page_for(client, manager)


def test_an_item_with_a_task_is_not_counted(
    client: Client, item: FeedbackItem, task: CareTask, campaign: Campaign, manager: User
) -> None:
    Campaign.objects.update(is_on=False)
    assert "no task:" not in page_for(client, manager)


def test_a_task_that_closed_without_an_answer_leaves_it_to_a_person(
    client: Client, item: FeedbackItem, team: Team, campaign: Campaign, manager: User
) -> None:
    enroll(item, team=team, status="withdrawn")
    assert "the task was closed without an answer" in page_for(client, manager)


def test_the_days_limit_is_named(
    client: Client, item: FeedbackItem, task: CareTask, campaign: Campaign, manager: User
) -> None:
    task.delete()
    assert "limit of new tasks a day is reached" in page_for(client, manager)


def test_a_rep_is_not_bothered(client: Client, item: FeedbackItem, campaign: Campaign, rep: User) -> None:
    Campaign.objects.update(is_on=False)
    assert "no task:" not in page_for(client, rep)


def test_many_are_not_counted_to_the_end(client: Client, campaign: Campaign, manager: User) -> None:
    customer = factories.make_customer()
    FeedbackItem.objects.bulk_create(
        FeedbackItem(source="s", external_id=str(n), customer=customer, received_at=timezone.now())
        for n in range(120)
    )
    Campaign.objects.update(is_on=False)
    assert "99+ items have no task:" in page_for(client, manager)

"""What came before the campaign's start is not owed yet: it is last in the list, and never late."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Team
from apps.campaigns.models import Campaign
from apps.feedback.models import FeedbackItem
from tests import factories
from tests.feedback.conftest import enroll

URL = "/feedback/"
START = factories.NOW - timedelta(days=1)
LONG_AGO = datetime(2018, 5, 3, 9, 30, tzinfo=START.tzinfo)


@pytest.fixture
def campaign(shop: object) -> Campaign:
    campaign = Campaign.objects.get(play="feedback_reply")
    campaign.is_on, campaign.starts_at = True, START
    campaign.save(update_fields=["is_on", "starts_at"])
    return campaign


@pytest.fixture
def old(campaign: Campaign) -> FeedbackItem:
    return factories.make_feedback(received_at=LONG_AGO)


def test_it_says_when_it_was_written_and_is_not_late(signed_in: Client, old: FeedbackItem) -> None:
    answer = signed_in.get(URL)
    page = answer.content.decode()
    assert answer.context["late_count"] == 0
    assert "Late</span>" not in page
    assert "Written Thu 3 May 2018, 11:30" in page
    assert "none is owed yet" in page
    opened = signed_in.get(reverse("desk:feedback_item", args=[old.pk])).content.decode()
    assert "Was due" not in opened
    assert "Written Thu 3 May 2018, 11:30" in opened
    assert "Mark as answered" in opened


def test_what_is_owed_comes_first_then_the_newest(signed_in: Client, old: FeedbackItem) -> None:
    newer = factories.make_feedback(received_at=LONG_AGO + timedelta(days=300))
    owed = factories.make_feedback(score=5)
    answer = signed_in.get(URL)
    assert [row.item for row in answer.context["rows"]] == [owed, newer, old]
    assert [row.is_late for row in answer.context["rows"]] == [True, False, False]
    assert answer.context["oldest"] == owed.received_at


def test_old_ones_never_push_out_what_is_owed(signed_in: Client, campaign: Campaign) -> None:
    for days in range(60):
        factories.make_feedback(received_at=LONG_AGO + timedelta(days=days))
    owed = factories.make_feedback(received_at=timezone.now() - timedelta(minutes=5))
    rows = signed_in.get(URL).context["rows"]
    assert (len(rows), rows[0].item) == (50, owed)


def test_one_that_was_let_in_is_owed(signed_in: Client, old: FeedbackItem, team: Team) -> None:
    enroll(old, team=team)
    row = signed_in.get(URL).context["rows"][0]
    assert (row.item, row.is_late) == (old, True)


def test_with_its_backfill_it_is_owed(signed_in: Client, old: FeedbackItem) -> None:
    Campaign.objects.update(backfill="all")
    assert signed_in.get(URL).context["rows"][0].is_late

"""Without scripts the same findings come with the form: when it is sent to be checked, or shown again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.feedback.models import FeedbackItem
from apps.feedback.services import save_draft
from apps.worklist.models import Attempt, CareTask
from tests import factories

from .conftest import PHRASE, Tokens

pytestmark = pytest.mark.django_db
TEXT = f"{PHRASE} you."


@pytest.fixture
def call(rep: User, team: Team) -> CareTask:
    now = timezone.now()
    window = {"calls_from": now - timedelta(hours=1), "calls_until": now + timedelta(hours=2)}
    lease = {"held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=13), "status": "held"}
    return factories.make_task(team=team, due_at=now, play="vip_recognition", **window, **lease)


def test_a_saved_draft_is_shown_with_its_findings(signed_in: Client, item: FeedbackItem, rep: User) -> None:
    save_draft(item, words=TEXT, by=rep, now=factories.NOW)
    page = signed_in.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()
    assert "1 thing to look at" in page
    assert 'id="id_words_found"' in page
    assert 'aria-describedby="id_words_found"' in page
    assert 'data-channel="feedback_reply" data-play="feedback"' in page
    assert "Check the words" in page


def test_a_box_without_words_has_no_findings(signed_in: Client, item: FeedbackItem) -> None:
    page = signed_in.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()
    assert "data-finding" not in page


def test_reasons_are_kept_while_the_form_is_checked_again(
    signed_in: Client, item: FeedbackItem, tokens: Tokens
) -> None:
    url = reverse("desk:answer_feedback", args=[item.pk])
    [token] = tokens(signed_in.post(url, {"words": TEXT, "check": "yes"}).content.decode())
    again = signed_in.post(url, {"words": TEXT, "check": "yes", "words_kept_1": f"true {token}"})
    assert "Kept: It is true and kind here" in again.content.decode()
    item.refresh_from_db()
    assert item.status == "waiting"


def test_a_call_is_checked_and_does_not_end(signed_in: Client, call: CareTask) -> None:
    page = signed_in.post(f"/calls/{call.pk}/outcome/", {"notes": TEXT, "check": "yes"}).content.decode()
    assert "1 thing to look at" in page
    assert f"{PHRASE.replace(chr(39), '&#x27;')} you.</textarea>" in page
    assert 'data-channel="call_note" data-play="vip"' in page
    assert "Say how the call ended" not in page
    assert not Attempt.objects.exists()


def test_a_call_without_an_outcome_shows_its_findings(signed_in: Client, call: CareTask) -> None:
    page = signed_in.post(f"/calls/{call.pk}/outcome/", {"notes": TEXT}).content.decode()
    assert "Say how the call ended." in page
    assert "1 thing to look at" in page


def test_a_letter_is_checked_in_its_dialog(client: Client, manager: User) -> None:
    offer = factories.make_offer()
    client.force_login(manager)
    facts = {"compensation": "coupon", "amount": "10.00", "version": offer.version}
    url = reverse("desk:edit_offer", args=[offer.pk])
    answer = client.post(url, {"words": TEXT, "check": "yes", **facts})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'aria-labelledby="edit-title" open>' in page
    assert "1 thing to look at" in page
    offer.refresh_from_db()
    assert offer.version == 1


def test_a_closed_letter_dialog_reads_nothing(client: Client, manager: User) -> None:
    offer = factories.make_offer(words=TEXT)
    client.force_login(manager)
    assert "data-finding" not in client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    asked = client.get(reverse("desk:offer", args=[offer.pk]), {"do": "edit"}).content.decode()
    assert "1 thing to look at" in asked


def test_a_note_is_checked(signed_in: Client, call: CareTask) -> None:
    customer = call.customer
    note = signed_in.post(
        reverse("desk:customer_note", args=[customer.pk]), {"note": TEXT, "seen": "", "check": "yes"}
    )
    assert note.status_code == 200
    assert "1 thing to look at" in note.content.decode()
    customer.refresh_from_db()
    assert customer.note == ""

"""Phrase cards: on their page for all, and beside a hard call."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.language import Context, check
from apps.language.phrases import phrase_cards
from tests import factories

URL = "/help/phrases/"
PHRASES = [
    (card.play, text)
    for card in phrase_cards()
    for text in [
        card.about,
        *(step.why for step in card.steps),
        *(phrase.say for step in card.steps for phrase in step.phrases),
    ]
]


@pytest.mark.parametrize(("play", "text"), PHRASES)
def test_every_phrase_passes_the_check(play: str, text: str) -> None:
    assert check(text) == []
    assert check(text, context=Context(play=play)) == []


def test_the_cards_are_recovery_pause_and_colleague() -> None:
    cards = {card.name: card for card in phrase_cards()}
    assert list(cards) == ["recovery", "pause", "colleague"]
    assert [step.name for step in cards["recovery"].steps] == ["Listen", "Empathise", "Own", "Put right"]
    assert [step.name for step in cards["pause"].steps] == ["Notice", "Pause", "Picture the finish"]
    assert len(cards["colleague"].steps) == 3
    asked = [phrase for phrase in cards["recovery"].steps[0].phrases if phrase.say.endswith("?")]
    assert any("heard or to have it fixed" in phrase.when for phrase in asked)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_everybody_reads_them(client: Client, role: Role) -> None:
    client.force_login(factories.make_user(role, team=factories.make_team("Stores")))
    page = client.get(URL)
    assert page.status_code == 200
    words = page.content.decode()
    assert "Recovery in four steps" in words
    assert "What would put it right for you?" in words
    assert "<script" not in words.split("<main")[1].split("</main>")[0]


def test_nobody_reads_them_without_signing_in(client: Client) -> None:
    assert client.get(URL).status_code == 302


def test_they_are_only_read(signed_in: Client) -> None:
    assert signed_in.post(URL).status_code == 405


def test_help_leads_to_them(signed_in: Client) -> None:
    assert f'href="{URL}"' in signed_in.get(reverse("desk:help")).content.decode()


@pytest.mark.parametrize(("play", "shown"), [("apology", True), ("welcome", False)])
def test_they_are_folded_beside_a_hard_call_and_nowhere_else(
    signed_in: Client, rep: User, play: str, shown: bool
) -> None:
    now = timezone.now()
    held = {"status": "held", "held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=15)}
    task = factories.make_task(play=play, team=rep.team, due_at=now, **held)
    page = signed_in.get(reverse("desk:workspace", args=[task.pk])).content.decode()
    assert ("<summary>Recovery in four steps</summary>" in page) is shown
    assert ("<summary>Stand by a colleague without defending</summary>" in page) is shown

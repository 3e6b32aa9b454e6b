"""A letter's page shows as much as its offer does; a code is money, shown to those who speak with them."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.apologies.codes import masked
from apps.apologies.models import Compensation, Incident, Letter
from apps.outreach.models import Message
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.told import approved, end


@pytest.fixture
def letter(incident: Incident, task: CareTask, rep: User, manager: User, now: datetime) -> Message:
    approved(incident, task, by=manager, now=now, reach="email", letter_by="email")
    end(task, "replied", by=rep, now=now)
    return Message.objects.get()


def page(client: Client, user: User, message: Message) -> str:
    client.force_login(user)
    answer = client.get(reverse("desk:mail", args=[message.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def code() -> str:
    return str(Compensation.objects.get().code)


def test_the_team_sees_the_letter_whole(client: Client, letter: Message, rep: User, manager: User) -> None:
    assert code() in letter.text
    for user in (rep, manager):
        assert page(client, user, letter).count(code()) == 2


def test_a_marketer_sees_it_with_the_code_masked(client: Client, letter: Message, marketer: User) -> None:
    seen = page(client, marketer, letter)
    assert code() not in seen
    assert seen.count(masked(code())) == 2


def test_another_team_sees_that_it_went_and_not_what_it_says(
    client: Client, letter: Message, other_rep: User
) -> None:
    other_manager = factories.make_user(Role.MANAGER, name="Other", team=other_rep.team)
    for user in (other_rep, other_manager):
        seen = page(client, user, letter)
        assert code() not in seen
        assert "another team’s apology" in seen
        assert "mail-frame" not in seen
        assert "Take it back" not in seen


def test_another_team_does_not_take_it_back(client: Client, letter: Message, other_rep: User) -> None:
    client.force_login(other_rep)
    answer = client.post(reverse("desk:take_back_mail", args=[letter.pk]), follow=True)
    assert "another team’s apology" in answer.content.decode()
    letter.refresh_from_db()
    assert letter.status == "queued"


def test_a_letter_that_was_taken_back_is_hidden_as_before(
    client: Client, letter: Message, other_rep: User
) -> None:
    Message.objects.update(status="taken_back")
    Letter.objects.update(message=None)
    assert "another team’s apology" in page(client, other_rep, letter)


@pytest.mark.parametrize("who", ["other_rep", "marketer"])
def test_a_code_in_any_other_mail_to_them_is_masked(
    client: Client, letter: Message, rep: User, who: str, request: Any
) -> None:
    told = f"Your code is {code().lower()}."
    other = factories.make_message(letter.customer, text=told, html=f"<p>{told}</p>")
    assert page(client, rep, other).count(code().lower()) == 2
    seen = page(client, request.getfixturevalue(who), other)
    assert code().lower() not in seen
    assert "Your code is" in seen


def test_the_back_office_shows_no_code(admin_client: Client, letter: Message) -> None:
    answer = admin_client.get(reverse("admin:outreach_message_change", args=[letter.pk]))
    assert answer.status_code == 200
    assert code() not in answer.content.decode()

"""A manager closes a problem, or opens it again, from the customer's page; the reason stays."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.services import resolve_incident
from apps.worklist.models import CareTask


def close(client: Client, incident: Incident, reason: str = "The courier showed the photo.") -> str:
    answer = client.post(reverse("desk:close_incident", args=[incident.pk]), {"reason": reason}, follow=True)
    return answer.content.decode()


def test_manager_closes_a_problem(
    client: Client, incident: Incident, offer: Offer, task: CareTask, manager: User
) -> None:
    client.force_login(manager)
    page = close(client, incident)
    for row in (incident, offer, task):
        row.refresh_from_db()
    assert (incident.status, offer.status, task.status) == ("resolved", "withdrawn", "withdrawn")
    assert "Nothing is owed for it" in page
    assert "Resolved: The courier showed the photo." in page


def test_manager_opens_it_again(
    client: Client, incident: Incident, offer: Offer, manager: User, now: datetime
) -> None:
    resolve_incident(incident, reason="The courier showed the photo.", by=manager, now=now)
    client.force_login(manager)
    url = reverse("desk:reopen_incident", args=[incident.pk])
    page = client.post(url, {"reason": "It was another house."}, follow=True).content.decode()
    incident.refresh_from_db()
    offer.refresh_from_db()
    assert (incident.status, offer.status) == ("open", "proposed")
    assert "Open again." in page


def test_a_reason_is_needed(client: Client, incident: Incident, manager: User) -> None:
    client.force_login(manager)
    assert "Say why: the reason stays with the problem." in close(client, incident, reason=" ")
    incident.refresh_from_db()
    assert incident.status == "open"


def test_a_problem_that_is_being_told_stays(
    client: Client, incident: Incident, offer: Offer, task: CareTask, manager: User, rep: User, now: datetime
) -> None:
    held = {"status": "held", "held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=15)}
    CareTask.objects.filter(pk=task.pk).update(**held)
    client.force_login(manager)
    close(client, incident)
    incident.refresh_from_db()
    assert incident.status == "open"


@pytest.mark.parametrize("name", ["close_incident", "reopen_incident"])
def test_rep_and_marketer_may_not(
    client: Client, incident: Incident, rep: User, marketer: User, name: str
) -> None:
    for user in (rep, marketer):
        client.force_login(user)
        assert client.post(reverse(f"desk:{name}", args=[incident.pk]), {"reason": "So."}).status_code == 403


@pytest.mark.parametrize("name", ["close_incident", "reopen_incident"])
def test_both_only_answer_a_post(client: Client, incident: Incident, manager: User, name: str) -> None:
    client.force_login(manager)
    assert client.get(reverse(f"desk:{name}", args=[incident.pk])).status_code == 405


def test_only_who_may_close_it_is_offered_the_form(
    client: Client, incident: Incident, manager: User, rep: User
) -> None:
    page = reverse("desk:customer", args=[incident.customer_id])
    client.force_login(rep)
    assert "Close this problem" not in client.get(page).content.decode()
    client.force_login(manager)
    assert "Close this problem" in client.get(page).content.decode()


def test_what_was_put_right_is_not_opened_again(
    client: Client, incident: Incident, offer: Offer, manager: User, now: datetime
) -> None:
    Incident.objects.filter(pk=incident.pk).update(status="resolved", resolved_at=now, resolution="Told")
    Offer.objects.filter(pk=offer.pk).update(status="delivered", decided_by=manager, decided_at=now)
    client.force_login(manager)
    page = client.get(reverse("desk:customer", args=[incident.customer_id])).content.decode()
    assert "Resolved: Told" in page
    assert "Open it again" not in page

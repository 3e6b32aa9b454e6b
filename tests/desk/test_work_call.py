"""The call workspace: shows one task, takes outcomes, lets nothing slip past."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.apologies.models import Incident
from apps.apologies.services import approve
from apps.campaigns.models import Campaign
from apps.effort.models import TimeEntry
from apps.feedback.models import FeedbackItem
from apps.worklist import services
from apps.worklist.models import Attempt, CareTask
from tests.factories import make_customer, make_incident, make_offer, make_order, make_task

pytestmark = pytest.mark.django_db


def letter(team, name="Grace Okafor", **fields):
    """Work that can be done at any hour of the day that the tests run at."""
    fields = {"reach": "email", "calls_from": None, "calls_until": None, **fields}
    return make_task(make_customer(name=name), team=team, **fields)


def call(team, name="Grace Okafor", **fields):
    """A call that is held already, so that no test depends on the hour."""
    now = timezone.now()
    window = {"calls_from": now - timedelta(hours=1), "calls_until": now + timedelta(hours=2)}
    return make_task(make_customer(name=name), team=team, due_at=now, **window, **fields)


def held(task, rep):
    now = timezone.now()
    lease = {"held_at": now - timedelta(seconds=90), "held_until": now + timedelta(minutes=13)}
    CareTask.objects.filter(pk=task.pk).update(status="held", held_by=rep, **lease)
    return task


def test_the_workspace_shows_who_why_and_what_may_be_done(signed_in, rep, team):
    task = held(call(team, facts={"order": "1042", "placed_on": "2026-03-02"}), rep)
    make_order(task.customer, external_id="1042")
    page = signed_in.get(f"/calls/{task.pk}/").content.decode()
    for words in ["Grace Okafor", "First order 1042", "How did it end?", "May call", 'value="talked"']:
        assert words in page


def test_a_task_that_is_no_longer_due_says_so_and_what_to_do(signed_in, rep, team):
    task = held(call(team, facts={"no_longer_due": "The order was cancelled"}), rep)
    page = signed_in.get(f"/calls/{task.pk}/").content.decode()
    assert "The order was cancelled, so this is no longer due." in page
    assert "If not, move on: it takes itself back." in page
    CareTask.objects.filter(pk=task.pk).update(status="open", held_by=None)
    assert "no longer due" not in signed_in.get(f"/calls/{task.pk}/").content.decode()


def test_another_teams_task_is_not_found(client, other_rep, team):
    client.force_login(other_rep)
    task = call(team)
    for path in ["", "start/", "outcome/", "notes/", "release/", "stay/", "found/"]:
        ask = client.get if path == "" else client.post
        assert ask(f"/calls/{task.pk}/{path}").status_code == 404


def test_changes_are_posted(signed_in, team):
    task = call(team)
    for path in ["start", "outcome", "notes", "release", "stay", "found"]:
        assert signed_in.get(f"/calls/{task.pk}/{path}/").status_code == 405


def test_a_marketer_has_no_workspace(client, marketer, team):
    client.force_login(marketer)
    assert client.get(f"/calls/{call(team).pk}/").status_code == 403


def test_the_number_is_hidden_until_the_call_is_started(signed_in, rep, team):
    task = call(team)
    page = signed_in.get(f"/calls/{task.pk}/").content.decode()
    assert "tel:" not in page
    assert 'name="outcome"' not in page
    held(task, rep)
    services.renew(task, by=rep, now=timezone.now())
    assert 'name="outcome"' in signed_in.get(f"/calls/{task.pk}/").content.decode()


def test_an_outcome_opens_the_next_task_and_offers_the_undo(signed_in, rep, team):
    task, following = held(call(team), rep), letter(team, "Henrik Aalto")
    answer = signed_in.post(f"/calls/{task.pk}/outcome/", {"outcome": "talked", "notes": "Likes it"})
    assert answer.url == f"/calls/{following.pk}/"
    attempt = Attempt.objects.get()
    page = signed_in.get(answer.url).content.decode()
    assert "Talked with Grace." in page
    assert f"/calls/attempts/{attempt.pk}/undo/" in page
    assert TimeEntry.objects.get().seconds in range(85, 120)


def test_an_undo_opens_the_call_again(signed_in, rep, team):
    task = held(call(team), rep)
    signed_in.post(f"/calls/{task.pk}/outcome/", {"outcome": "talked", "notes": "Likes it"})
    answer = signed_in.post(f"/calls/attempts/{Attempt.objects.get().pk}/undo/")
    assert answer.url == f"/calls/{task.pk}/"
    task.refresh_from_db()
    assert (task.status, task.held_by, task.notes) == ("held", rep, "Likes it")


def test_nobody_undoes_for_somebody_else(client, manager, rep, team):
    attempt = services.record_outcome(held_task(team, rep), outcome="talked", by=rep, now=timezone.now())
    client.force_login(manager)
    assert client.post(f"/calls/attempts/{attempt.pk}/undo/").status_code == 404


def held_task(team, rep):
    return CareTask.objects.get(pk=held(call(team), rep).pk)


def test_no_outcome_is_said_in_plain_words_and_keeps_the_notes(signed_in, rep, team):
    task = held(call(team), rep)
    page = signed_in.post(f"/calls/{task.pk}/outcome/", {"notes": "Half a sentence"}).content.decode()
    assert "Say how the call ended." in page
    assert "Half a sentence" in page
    assert not Attempt.objects.exists()


def test_a_call_back_needs_a_moment(signed_in, rep, team):
    task = held(call(team), rep)
    page = signed_in.post(f"/calls/{task.pk}/outcome/", {"outcome": "call_back"}).content.decode()
    assert "Say when they want to be called back." in page


def test_a_call_back_is_read_by_the_customers_clock(signed_in, rep, team):
    task = held(call(team, zone="Asia/Tokyo"), rep)
    day = (timezone.now() + timedelta(days=2)).date()
    signed_in.post(f"/calls/{task.pk}/outcome/", {"outcome": "call_back", "call_back_local": f"{day}T10:00"})
    task.refresh_from_db()
    assert task.opens_at.isoformat() == f"{day}T01:00:00+00:00"


def test_what_they_said_is_kept_as_feedback(signed_in, rep, team):
    task = held(call(team), rep)
    said = {"outcome": "talked", "notes": "The hood is stiff", "keep_feedback": "on", "score": "4"}
    signed_in.post(f"/calls/{task.pk}/outcome/", said)
    item = FeedbackItem.objects.get()
    assert (item.text, item.score, item.heard_by, item.heard_in_task) == ("The hood is stiff", 4, rep, task)


def test_the_gesture_of_a_vip_call_is_recorded(signed_in, rep, team):
    task = held(call(team, play="vip_recognition"), rep)
    signed_in.post(
        f"/calls/{task.pk}/outcome/", {"outcome": "talked", "gesture_own": "Named a tent after her"}
    )
    assert Attempt.objects.get().gesture == "Named a tent after her"


def test_a_problem_is_reported_in_one_step(signed_in, rep, team):
    task = held(call(team, facts={"order": "1042"}), rep)
    order = make_order(task.customer, external_id="1042")
    answer = signed_in.post(
        f"/calls/{task.pk}/outcome/", {"outcome": "problem_found", "notes": "Zip broke at once"}
    )
    assert answer.url == f"/calls/{task.pk}/problem/"
    page = signed_in.get(answer.url).content.decode()
    assert "Zip broke at once" in page
    told = {"kind": "broken", "severity": "serious", "order": order.pk, "detail": "Zip broke at once"}
    assert signed_in.post(answer.url, told).status_code == 302
    incident = Incident.objects.get()
    assert (incident.kind, incident.order, incident.reported_by) == ("broken", order, rep)


def test_a_problem_found_in_a_call_is_told_in_words(signed_in, rep, team):
    task = held(call(team), rep)
    told = {"kind": "broken", "severity": "serious", "detail": ""}
    page = signed_in.post(f"/calls/{task.pk}/problem/", told).content.decode()
    assert "This field is required" in page
    assert not Incident.objects.exists()


def test_the_order_of_the_call_can_be_chosen_however_many_came_after_it(signed_in, rep, team):
    task = held(call(team, facts={"order": "1042"}), rep)
    order = make_order(task.customer, external_id="1042", placed_at=timezone.now() - timedelta(days=900))
    for number in range(26):
        make_order(task.customer, external_id=f"later{number}")
    page = signed_in.get(f"/calls/{task.pk}/problem/").content.decode()
    assert f'<option value="{order.pk}" selected>' in page
    assert page.count(">later") == 25


def test_a_wrong_number_says_that_the_offer_is_decided_anew(signed_in, rep, team, manager):
    task = call(team, play="apology", status="waiting", owed=True)
    offer = make_offer(make_incident(task.customer), task=task)
    approve(offer, by=manager, now=timezone.now(), version=1)
    held(task, rep)
    page = signed_in.post(f"/calls/{task.pk}/outcome/", {"outcome": "wrong_number"}, follow=True)
    assert "A manager decides on the offer anew before it goes on." in page.content.decode()


def test_notes_save_themselves(signed_in, rep, team):
    task = held(call(team), rep)
    assert signed_in.post(f"/calls/{task.pk}/notes/", {"notes": "Half"}).status_code == 204
    task.refresh_from_db()
    assert task.notes == "Half"
    CareTask.objects.filter(pk=task.pk).update(status="open", held_by=None)
    assert signed_in.post(f"/calls/{task.pk}/notes/", {"notes": "More"}).status_code == 409


def test_an_open_workspace_keeps_its_lease(signed_in, rep, team):
    task = held(call(team), rep)
    before = CareTask.objects.get(pk=task.pk).held_until
    assert signed_in.post(f"/calls/{task.pk}/stay/").status_code == 204
    assert CareTask.objects.get(pk=task.pk).held_until > before


def test_moving_on_needs_a_reason(signed_in, rep, team):
    task = held(call(team), rep)
    page = signed_in.post(f"/calls/{task.pk}/release/", {"reason_own": ""}).content.decode()
    assert "Say in a few words why you leave it" in page
    task.refresh_from_db()
    assert task.status == "held"
    signed_in.post(f"/calls/{task.pk}/release/", {"reason_own": "She is my neighbour"})
    task.refresh_from_db()
    assert task.status == "open"


def test_an_approved_call_is_not_moved_to_another_way(signed_in, rep, team):
    task = held(call(team), rep)
    page = signed_in.post(f"/calls/{task.pk}/found/", {"email": "grace@example.org"}).content.decode()
    assert "There is a way to reach them already" in page
    task.refresh_from_db()
    assert task.reach == "phone"


def test_a_number_that_was_found_turns_the_task_to_the_phone(signed_in, rep, team):
    task = held(letter(team, reach="find"), rep)
    assert "Find a way to reach them" in signed_in.get(f"/calls/{task.pk}/").content.decode()
    signed_in.post(f"/calls/{task.pk}/found/", {"phone": "020 7946 0999"})
    task.refresh_from_db()
    assert (task.reach, task.customer.phone) == ("phone", "+442079460999")


@pytest.mark.parametrize("written", ["none", "12", "7946 0999"])
def test_a_number_that_is_none_is_refused(signed_in, rep, team, written):
    task = held(letter(team, reach="find"), rep)
    page = signed_in.post(f"/calls/{task.pk}/found/", {"phone": written}).content.decode()
    assert "not a phone number" in page


def test_a_reply_on_the_desk_goes_back_when_calls_start(signed_in, rep, team):
    reply = held(letter(team, play="feedback_reply", reach="public"), rep)
    following = letter(team, "Henrik Aalto")
    assert signed_in.post("/calls/next/").url == f"/calls/{following.pk}/"
    reply.refresh_from_db()
    assert reply.status == "open"


def test_the_workspace_takes_at_most_thirty_queries(signed_in, rep, team, django_assert_max_num_queries):
    task = held(call(team), rep)
    for number in range(5):
        make_order(task.customer, external_id=f"q{number}")
        letter(team, f"Customer {number}")
    with django_assert_max_num_queries(30):
        signed_in.get(f"/calls/{task.pk}/")


def test_an_order_of_last_year_says_its_year(signed_in, rep, team):
    task = held(call(team), rep)
    arrived = timezone.now() - timedelta(days=366)
    make_order(task.customer, external_id="1042", placed_at=arrived, delivered_at=arrived)
    page = signed_in.get(f"/calls/{task.pk}/").content.decode()
    assert f"Delivered {arrived.day} {arrived:%b %Y}" in page


def test_an_outcome_has_one_key_by_phone_and_in_writing(signed_in, rep, team):
    keys = {}
    for task in (call(team), letter(team, "Henrik Aalto")):
        held(task, rep)
        page = signed_in.get(f"/calls/{task.pk}/").content.decode()
        keys[task.reach] = dict(re.findall(r'name="outcome" value="(\w+)" data-key="(\d)"', page))
        CareTask.objects.filter(pk=task.pk).update(status="open", held_by=None)
    assert keys["phone"]["talked"] == keys["email"]["talked"] == "1"
    assert keys["phone"]["problem_found"] == keys["email"]["problem_found"] == "7"
    assert keys["email"]["replied"] not in keys["phone"].values()


def test_a_task_in_writing_has_no_line_to_say(signed_in, rep, team):
    script = {"opening_line": "Good day, {first_name}", "talk_points": "Ask what they think"}
    Campaign.objects.update_or_create(play="welcome", defaults=script)
    by_phone = signed_in.get(f"/calls/{held(call(team), rep).pk}/").content.decode()
    assert "Good day, Grace" in by_phone
    CareTask.objects.update(status="open", held_by=None)
    in_writing = signed_in.get(f"/calls/{held(letter(team), rep).pk}/").content.decode()
    assert "Good day" not in in_writing
    assert "Ask what they think" not in in_writing


def test_the_next_try_says_whose_clock_it_is(signed_in, rep, team):
    task = held(call(team, zone="America/Los_Angeles"), rep)
    page = signed_in.post(
        f"/calls/{task.pk}/outcome/", {"outcome": "no_answer"}, follow=True
    ).content.decode()
    assert re.search(r"No answer from Grace\. Next try [^.]* your time\.", page)

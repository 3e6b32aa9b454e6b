"""Logging a contact, one's own time of today, its correction and undo, by their pages."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.effort.models import TimeEntry
from apps.effort.services import log_contact, record_time
from tests.factories import make_customer


def test_one_press_logs_the_usual_length_and_goes_back(signed_in: Client, rep: User) -> None:
    response = signed_in.post("/contacts/log/", {"channel": "mail", "back": "/shift/?by=team"})
    assert (response.status_code, response["Location"]) == (302, "/shift/?by=team")
    entry = TimeEntry.objects.get()
    assert (entry.user, entry.origin, entry.channel, entry.seconds) == (rep, "reactive", "mail", 300)
    page = signed_in.get("/shift/").content.decode()
    assert "Logged 5 min by mail. That is your usual length." in page
    assert f'action="/contacts/{entry.pk}/take-back/"' in page


def test_minutes_and_topic_can_be_told(signed_in: Client) -> None:
    signed_in.post("/contacts/log/", {"channel": "visit", "minutes": "12", "topic": "Exchange"})
    entry = TimeEntry.objects.get()
    assert (entry.seconds, entry.topic) == (720, "Exchange")


def test_contact_logged_on_a_customers_page_is_about_them(signed_in: Client) -> None:
    customer = make_customer()
    signed_in.post("/contacts/log/", {"channel": "phone", "back": f"/customers/{customer.pk}/"})
    assert TimeEntry.objects.get().customer == customer


def test_way_back_leads_nowhere_else(signed_in: Client) -> None:
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = signed_in.post("/contacts/log/", {"channel": "phone", "back": back})
        assert response["Location"] == "/contacts/"


def test_wrong_channel_or_minutes_are_explained(signed_in: Client) -> None:
    assert signed_in.post("/contacts/log/", {"channel": "pigeon"}).status_code == 422
    assert signed_in.post("/contacts/log/", {"channel": "phone", "minutes": "0"}).status_code == 422
    assert not TimeEntry.objects.exists()


def test_own_time_of_today_lists_what_was_measured_and_logged(
    signed_in: Client, rep: User, other_rep: User
) -> None:
    now = timezone.now()
    record_time(user=rep, origin="proactive", started_at=now, seconds=120, play="welcome")
    log_contact(rep, channel="phone", minutes=4, now=now)
    log_contact(other_rep, channel="phone", minutes=50, now=now)
    record_time(user=rep, origin="proactive", started_at=now - timedelta(days=2), seconds=999)
    page = signed_in.get("/contacts/")
    assert len(page.context["rows"]) == 2
    assert page.context["total"] == sum(row.seconds for row in page.context["rows"])


def test_logged_length_is_corrected(signed_in: Client, rep: User) -> None:
    entry = log_contact(rep, channel="phone", now=timezone.now())
    signed_in.post(f"/contacts/{entry.pk}/", {"minutes": "17"})
    entry.refresh_from_db()
    assert entry.seconds == 17 * 60
    page = signed_in.post(f"/contacts/{entry.pk}/", {"minutes": "many"}, follow=True)
    assert "Write the minutes as a whole number" in page.content.decode()


def test_undo_takes_the_contact_back(signed_in: Client, rep: User) -> None:
    entry = log_contact(rep, channel="phone", now=timezone.now())
    referer = {"HTTP_REFERER": "http://testserver/shift/"}
    response = signed_in.post(f"/contacts/{entry.pk}/take-back/", **referer)
    assert response["Location"] == "/shift/"
    assert not TimeEntry.objects.exists()


def test_another_persons_or_measured_time_is_not_there(signed_in: Client, rep: User, other_rep: User) -> None:
    now = timezone.now()
    theirs = log_contact(other_rep, channel="phone", now=now)
    measured = record_time(user=rep, origin="proactive", started_at=now, seconds=60)
    for entry in (theirs, measured):
        assert signed_in.post(f"/contacts/{entry.pk}/", {"minutes": "1"}).status_code == 404
        assert signed_in.post(f"/contacts/{entry.pk}/take-back/").status_code == 404
    assert TimeEntry.objects.count() == 2


def test_changes_are_posts(signed_in: Client, rep: User) -> None:
    entry = log_contact(rep, channel="phone", now=timezone.now())
    for url in ("/contacts/log/", f"/contacts/{entry.pk}/", f"/contacts/{entry.pk}/take-back/"):
        assert signed_in.get(url).status_code == 405


def test_panel_is_on_every_page(signed_in: Client) -> None:
    page = signed_in.get("/contacts/").content.decode()
    assert 'id="log-contact"' in page
    assert 'data-key="l"' in page


def test_own_time_costs_a_fixed_number_of_queries(
    signed_in: Client, rep: User, django_assert_max_num_queries: object
) -> None:
    """Session, user, shop twice, waiting counts, share of today, entries, their sum, four usual lengths."""
    for _ in range(20):
        log_contact(rep, channel="phone", now=timezone.now(), customer=make_customer())
    with django_assert_max_num_queries(13):
        signed_in.get("/contacts/")

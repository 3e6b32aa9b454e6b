from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Shop, User
from apps.core.statuses import record
from apps.customers.models import Customer
from apps.desk.mails.lists import _moving
from apps.outreach.models import Message, MessageStatus, ProviderEvent
from apps.outreach.services import send_due
from tests.factories import make_customer, make_mail, make_suppression

XSS = "<script>alert(1)</script>"


@pytest.fixture
def today() -> datetime:
    return timezone.now()


@pytest.fixture
def grace(shop: Shop) -> Customer:
    return make_customer(name="Grace Okafor")


def test_what_needs_a_look_comes_first_with_what_to_do(
    signed_in: Client, grace: Customer, today: datetime
) -> None:
    make_mail(grace, subject="Old unknown", status="unknown", began_at=today - timedelta(minutes=16))
    make_mail(grace, subject="Young unknown", status="unknown", began_at=today - timedelta(minutes=14))
    make_mail(grace, subject="It failed", status="failed", reason="Refused: 400")
    make_mail(grace, subject="It came back", status="bounced")
    make_mail(grace, subject="It went", status="sent")
    page = signed_in.get("/mails/").content.decode()
    assert "3 mails need a look" in page
    for shown in ("Old unknown", "It failed", "Refused: 400", "It came back", "reach them another way"):
        assert shown in page
    assert "Young unknown" not in page
    assert "It went" not in page


def test_what_is_on_its_way_stands_in_the_order_of_going_out(
    signed_in: Client, grace: Customer, today: datetime
) -> None:
    make_mail(grace, subject="Second", send_at=today + timedelta(seconds=9))
    make_mail(grace, subject="First", send_at=today)
    make_mail(grace, subject="Young", status="unknown", began_at=today, send_at=today + timedelta(minutes=1))
    make_mail(grace, subject="Gone", status="sent")
    page = signed_in.get("/mails/", {"tab": "moving"}).content.decode()
    assert page.index("First") < page.index("Second") < page.index("Young")
    assert "Gone" not in page


def test_a_mail_that_no_provider_has_is_not_said_to_be_handed_over(
    signed_in: Client, grace: Customer, today: datetime, settings: Any
) -> None:
    settings.SENDGRID_API_KEY = ""
    message = make_mail(grace, send_at=today)
    send_due(clock=lambda: today, until=today + timedelta(minutes=1))
    settings.SENDGRID_API_KEY = "SG.x"  # set since: what went before has still not left
    for url in (f"/mails/{message.pk}/", "/mails/?tab=sent"):
        page = signed_in.get(url).content.decode()
        assert "Stayed here" in page
        assert "Handed to the provider" not in page


def test_sent_mails_are_paged_and_none_is_shown_twice(
    signed_in: Client, grace: Customer, now: datetime
) -> None:
    for n in range(120):
        make_mail(grace, status="sent", created_at=now - timedelta(minutes=n // 3), sent_at=now)
    seen: list[int] = []
    url = "?tab=sent"
    while url:
        answer = signed_in.get(f"/mails/{url}")
        seen += [row.message.pk for row in answer.context["list"].rows]
        url = answer.context["older_url"]
    assert len(seen) == len(set(seen)) == 120


def test_a_customer_is_found_whatever_the_state(signed_in: Client, grace: Customer) -> None:
    make_mail(grace, subject="To Grace", status="taken_back")
    make_mail(make_customer(name="Tom Ford"), subject="To Tom")
    page = signed_in.get("/mails/", {"q": "grace ok"}).content.decode()
    assert "To Grace" in page
    assert "To Tom" not in page
    assert "No mail to them" in signed_in.get("/mails/", {"q": "nobody"}).content.decode()


@pytest.mark.parametrize(
    "query",
    ["tab=nonsense", "before_at=x&before_id=y", "before_at=9999-12-31T23:59:59-14:00&before_id=1", "q=%00"],
)
def test_an_address_that_cannot_be_read_shows_the_list(
    signed_in: Client, grace: Customer, query: str
) -> None:
    make_mail(grace, status="sent")
    assert signed_in.get(f"/mails/?{query}").status_code == 200


def test_without_a_key_the_page_says_that_nothing_leaves(
    signed_in: Client, grace: Customer, settings: Any
) -> None:
    mail = make_mail(grace)
    settings.SENDGRID_API_KEY = ""
    for url in ("/mails/", f"/mails/{mail.pk}/"):
        assert "Nothing leaves this machine" in signed_in.get(url).content.decode()
    settings.SENDGRID_API_KEY = "SG.x"
    for url in ("/mails/", f"/mails/{mail.pk}/"):
        assert "Nothing leaves this machine" not in signed_in.get(url).content.decode()


def test_a_mail_shows_both_parts_and_its_history(
    signed_in: Client, grace: Customer, rep: User, now: datetime
) -> None:
    mail = make_mail(grace, by=rep, status="bounced", html="<p>In <b>HTML</b></p>", text="In plain text")
    record(mail, "sent", by=None, now=now + timedelta(seconds=12), from_status="queued", to_status="sent")
    ProviderEvent.objects.create(
        external_id="e1",
        message=mail,
        kind="bounce",
        at=now + timedelta(seconds=20),
        reason="550 no such user",
    )
    page = signed_in.get(f"/mails/{mail.pk}/").content.decode()
    assert "In plain text" in page
    assert 'srcdoc="&lt;p&gt;In &lt;b&gt;HTML&lt;/b&gt;&lt;/p&gt;"' in page
    order = ["Put on its way", "Handed to the provider", "Their mail server sent it back", "550 no such user"]
    assert [page.index(step) for step in order] == sorted(page.index(step) for step in order)
    assert "Reach them another way" in page
    assert "Send again" not in page


def test_markup_of_others_is_text_on_every_page(client: Client, manager: User, shop: Shop) -> None:
    client.force_login(manager)
    customer = make_customer(name=XSS)
    mail = make_mail(customer, subject=XSS, text=XSS, html=XSS, status="failed", reason=XSS, to_name=XSS)
    ProviderEvent.objects.create(
        external_id="e1", message=mail, kind=XSS[:24], at=mail.created_at, reason=XSS
    )
    make_suppression(note=XSS)
    for url in ("/mails/", f"/mails/{mail.pk}/", "/mails/suppressed/", f"/customers/{customer.pk}/"):
        assert XSS not in client.get(url).content.decode()


def test_the_frame_holds_no_script_and_the_policy_only_adds_the_letters_style(
    signed_in: Client, grace: Customer
) -> None:
    answer = signed_in.get(f"/mails/{make_mail(grace).pk}/")
    assert 'sandbox=""' in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "style-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "sha256" not in signed_in.get("/mails/")["Content-Security-Policy"]


def test_a_mail_is_taken_back_while_it_waits(
    signed_in: Client, grace: Customer, rep: User, today: datetime
) -> None:
    mail = make_mail(grace, by=rep, send_at=today + timedelta(seconds=9))
    assert "Take it back" in signed_in.get(f"/mails/{mail.pk}/").content.decode()
    answer = signed_in.post(f"/mails/{mail.pk}/take-back/", follow=True)
    assert "does not get" in answer.content.decode()
    mail.refresh_from_db()
    assert mail.status == MessageStatus.TAKEN_BACK


@pytest.mark.parametrize("verb", ["again", "arrived", "not-arrived"])
def test_what_nobody_knows_is_settled_by_a_person(
    signed_in: Client, grace: Customer, today: datetime, verb: str
) -> None:
    mail = make_mail(
        grace, status="unknown", began_at=today - timedelta(hours=1), first_tried_at=today, tries=1
    )
    page = signed_in.get(f"/mails/{mail.pk}/").content.decode()
    assert f"/mails/{mail.pk}/{verb}/" in page
    signed_in.post(f"/mails/{mail.pk}/{verb}/")
    mail.refresh_from_db()
    assert mail.status == {"again": "queued", "arrived": "sent", "not-arrived": "failed"}[verb]


def test_what_was_dealt_with_elsewhere_leaves_the_list(signed_in: Client, grace: Customer) -> None:
    mail = make_mail(grace, status="bounced", subject="It came back")
    signed_in.post(f"/mails/{mail.pk}/aside/", follow=True)
    assert "It came back" not in signed_in.get("/mails/", {"tab": "look"}).content.decode()
    assert "Looked at" in signed_in.get(f"/mails/{mail.pk}/").content.decode()


def test_a_refusal_is_told(signed_in: Client, grace: Customer) -> None:
    mail = make_mail(grace, status="delivered")
    for verb in ("again", "arrived", "not-arrived", "take-back"):
        answer = signed_in.post(f"/mails/{mail.pk}/{verb}/", follow=True)
        assert 'class="toast toast-alert"' in answer.content.decode()
    mail.refresh_from_db()
    assert mail.status == "delivered"


def test_a_marketer_reads_and_changes_nothing(client: Client, marketer: User, grace: Customer) -> None:
    client.force_login(marketer)
    mail = make_mail(grace)
    assert "Take it back" not in client.get(f"/mails/{mail.pk}/").content.decode()
    for verb in ("again", "arrived", "not-arrived", "take-back"):
        assert client.post(f"/mails/{mail.pk}/{verb}/").status_code == 403
        assert client.get(f"/mails/{mail.pk}/{verb}/").status_code in {403, 405}


def test_the_customers_page_shows_what_they_were_sent(signed_in: Client, grace: Customer, rep: User) -> None:
    mail = make_mail(grace, by=rep, subject="About your jacket", status="bounced")
    page = signed_in.get(f"/customers/{grace.pk}/").content.decode()
    assert f'<a href="/mails/{mail.pk}/">Mail: About your jacket</a>' in page
    assert "Came back by Ana Duarte" in page


def test_the_place_tells_how_many_need_a_look(signed_in: Client, grace: Customer) -> None:
    make_mail(grace, status="failed")
    page = signed_in.get("/help/").content.decode()
    assert 'data-key="g m"' in page
    place = next(each for each in signed_in.get("/help/").context["places"].side if each.name == "Mails")
    assert place.count == 1


def test_queries_do_not_grow_with_the_list(
    signed_in: Client, grace: Customer, rep: User, django_assert_max_num_queries: Any
) -> None:
    for status in ("failed", "queued", "sent"):
        for _ in range(20):
            make_mail(make_customer(), by=rep, status=status)
    signed_in.get("/mails/")  # the day's share is counted once a while
    for tab, most in (("look", 7), ("moving", 9), ("sent", 7)):
        with django_assert_max_num_queries(most):  # session, user, shop, counts of both, share, the list
            signed_in.get("/mails/", {"tab": tab})
    mail = Message.objects.first()
    assert mail
    with django_assert_max_num_queries(8):
        signed_in.get(f"/mails/{mail.pk}/")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables from end to end")
def test_no_page_reads_all_mails_for_its_counts(shop: Shop, today: datetime) -> None:
    seen = Message.objects.all()
    plans = [
        rows.order_by()[:100].values("pk").explain()
        for rows in (seen.needs_a_look(today), *_moving(seen, today))
    ]
    for plan, index in zip(plans, ("to_look_at", "due", "claimed", "to_look_at"), strict=True):
        assert f"USING INDEX message_{index}" in plan or f"USING COVERING INDEX message_{index}" in plan, plan

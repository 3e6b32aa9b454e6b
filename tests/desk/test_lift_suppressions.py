from django.test import Client

from apps.accounts.models import Shop, User
from apps.core.models import Event
from tests.factories import make_mail, make_suppression


def test_everybody_sees_who_gets_no_mail_and_why(signed_in: Client, shop: Shop) -> None:
    mail = make_mail(status="bounced")
    make_suppression("gone@example.com", message=mail, note="550 no such user")
    page = signed_in.get("/mails/suppressed/").content.decode()
    for shown in (
        "gone@example.com",
        "No mail at all",
        "Mail came back",
        "550 no such user",
        f"/mails/{mail.pk}/",
    ):
        assert shown in page
    assert "Let mail through again" not in page


def test_a_manager_lifts_one_with_a_reason(client: Client, manager: User) -> None:
    client.force_login(manager)
    row = make_suppression("gone@example.com")
    client.post(f"/mails/suppressed/{row.pk}/lift/", {"reason": " "})
    row.refresh_from_db()
    assert row.lifted_at is None
    answer = client.post(f"/mails/suppressed/{row.pk}/lift/", {"reason": "Wrote from it"}, follow=True)
    assert "gone@example.com may get mail again" in answer.content.decode()
    row.refresh_from_db()
    assert row.lifted_by == manager
    assert Event.objects.filter(subject="outreach.suppression", reason="Wrote from it").exists()
    assert "Nobody is cut off" in client.get("/mails/suppressed/").content.decode()


def test_a_rep_lifts_none(signed_in: Client, shop: Shop) -> None:
    row = make_suppression()
    assert signed_in.post(f"/mails/suppressed/{row.pk}/lift/", {"reason": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.lifted_at is None


def test_every_address_is_shown_once_page_after_page(signed_in: Client, shop: Shop) -> None:
    for n in range(70):
        make_suppression(f"a{n:03}@example.com")
        make_suppression(f"a{n:03}@example.com", scope="optional", reason="unsubscribed")
    seen: list[int] = []
    url = "?"
    while url:
        answer = signed_in.get(f"/mails/suppressed/{url}")
        seen += [row.pk for row in answer.context["rows"]]
        url = answer.context["more_url"]
    assert len(seen) == len(set(seen)) == 140
    found = signed_in.get("/mails/suppressed/", {"q": "A001"}).context["rows"]
    assert [row.address for row in found] == ["a001@example.com", "a001@example.com"]

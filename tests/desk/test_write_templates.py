from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Shop, User
from apps.outreach.models import MailTemplate
from apps.writing.models import Verdict
from tests.factories import make_template

GOOD = {
    "name": "Thanks",
    "play": "welcome",
    "is_active": "on",
    "subject": "Your order {order|is here}",
    "body": "Dear {first_name|friend},\r\n\r\nthank you.",
}


@pytest.fixture
def writer(client: Client, marketer: User) -> Client:
    client.force_login(marketer)
    return client


def test_a_template_is_written_and_then_changed(writer: Client, marketer: User) -> None:
    answer = writer.post("/mails/templates/new/", GOOD)
    template = MailTemplate.objects.get()
    assert answer["Location"] == f"/mails/templates/{template.pk}/"
    assert template.updated_by == marketer
    page = writer.get(answer["Location"])
    seen = page.context["form"]["seen_at"].value()
    writer.post(answer["Location"], {**GOOD, "subject": "Anew", "seen_at": seen})
    template.refresh_from_db()
    assert (template.subject, template.body) == ("Anew", GOOD["body"])
    again = writer.post(answer["Location"], {**GOOD, "subject": "Stale", "seen_at": seen})
    assert again.status_code == 422
    assert "changed this template meanwhile" in again.content.decode()


def test_an_unknown_placeholder_is_told_where_it_stands(writer: Client) -> None:
    answer = writer.post("/mails/templates/new/", {**GOOD, "body": "Dear {surname}"})
    assert answer.status_code == 422
    assert "surname is no placeholder" in answer.context["form"].errors["body"][0]
    assert not MailTemplate.objects.exists()


def test_a_header_cannot_be_smuggled_in(writer: Client) -> None:
    answer = writer.post("/mails/templates/new/", {**GOOD, "subject": "Hi\r\nBcc: x@example.com"})
    assert answer.status_code == 422
    assert "line break" in answer.context["form"].errors["subject"][0]


@pytest.mark.parametrize(("play", "has_way_out"), [("welcome", True), ("apology", False)])
def test_the_preview_of_an_optional_mail_shows_its_way_out(
    writer: Client, play: str, has_way_out: bool
) -> None:
    answer = writer.post("/mails/templates/new/", {**GOOD, "play": play, "preview": "yes"})
    mails = [each.mail for each in answer.context["previews"] if each.mail]
    assert {"No more of these" in mail.text for mail in mails} == {has_way_out}
    assert {"No more of these" in mail.html for mail in mails} == {has_way_out}


def test_the_preview_shows_awkward_customers_and_saves_nothing(writer: Client) -> None:
    body = "Dear {first_name},\n\nyour {items}."
    answer = writer.post("/mails/templates/new/", {**GOOD, "body": body, "preview": "yes"})
    assert answer.status_code == 200
    assert not MailTemplate.objects.exists()
    shown = {each.who: each for each in answer.context["previews"]}
    assert shown["An ordinary customer"].mail
    assert "Not known: first_name" in shown["No name is known"].why_not
    assert "Not known: items" in shown["No order is known"].why_not
    assert "line break" in shown["A line break in the name"].why_not
    assert "holds a link" in shown["A link as a name"].why_not
    assert "To 4 of these 10 it cannot be sent" in answer.content.decode()


def test_with_words_of_its_own_only_broken_names_are_left_out(writer: Client) -> None:
    answer = writer.post("/mails/templates/new/", {**GOOD, "preview": "yes"})
    unsent = [each.who for each in answer.context["previews"] if not each.mail]
    assert unsent == ["A line break in the name", "A link as a name"]


def test_the_words_of_the_subject_are_checked_too(writer: Client) -> None:
    words = {**GOOD, "subject": "Unfortunately it is our policy"}
    page = writer.post("/mails/templates/new/", {**words, "check": "yes"})
    assert page.context["form"].fields["subject"].widget.shown
    writer.post("/mails/templates/new/", words)
    kept = Verdict.objects.about(MailTemplate.objects.get())
    assert set(kept.values_list("place", flat=True)) == {"subject"}


def test_the_words_are_checked_and_what_was_kept_is_kept(writer: Client) -> None:
    words = {**GOOD, "body": "Unfortunately we cannot help you. It is our policy."}
    page = writer.post("/mails/templates/new/", {**words, "check": "yes"})
    assert page.context["form"].fields["body"].widget.shown
    assert not MailTemplate.objects.exists()
    writer.post("/mails/templates/new/", words)
    assert Verdict.objects.about(MailTemplate.objects.get()).exists()


def test_a_name_that_is_taken_is_told(writer: Client, shop: Shop) -> None:
    make_template(name="Thanks")
    answer = writer.post("/mails/templates/new/", GOOD)
    assert "named Thanks already" in answer.context["form"].errors["name"][0]


def test_the_list_tells_how_many_can_be_chosen(writer: Client, shop: Shop) -> None:
    make_template(name="<script>alert(1)</script>")
    make_template(is_active=False)
    page = writer.get("/mails/templates/").content.decode()
    assert "1 template to write with" in page
    assert "<script>alert" not in page


def test_a_rep_reads_and_writes_none(client: Client, rep: User) -> None:
    client.force_login(rep)
    template = make_template()
    for url in ("/mails/templates/", "/mails/templates/new/", f"/mails/templates/{template.pk}/"):
        assert client.get(url).status_code == 403
        assert client.post(url, GOOD).status_code in {403, 405}
    assert MailTemplate.objects.count() == 1


def test_queries_of_the_editor_are_few(
    writer: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    url = f"/mails/templates/{make_template().pk}/"
    writer.get(url)
    with django_assert_max_num_queries(8):
        writer.get(url)

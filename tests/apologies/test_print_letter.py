"""A letter on paper: a PDF with the address, the words and what is given; all of it is text, never markup."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.letter_words import COPY
from apps.apologies.models import Compensation, Incident, Letter, Offer
from apps.apologies.printing import Paragraph, Sheet, address_of, paragraphs_of, pdf_of
from apps.customers.models import Customer
from apps.worklist.models import CareTask
from tests import factories

from .pdf_text import text_of
from .told import approved, end, live_at

ODD = 'Dear {name},\n\n#read("/etc/passwd") *bold* $x$ _under_ `raw` @ref <tag> // = H\n\n- item [link]'


@pytest.fixture
def offer(incident: Incident, task: CareTask, manager: User, now: datetime) -> Offer:
    live_at(incident.customer)
    return approved(incident, task, by=manager, now=now, reach="post", letter_by="post")


def printed(client: Client, offer: Offer) -> str:
    answer = client.get(reverse("desk:letter_pdf", args=[offer.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF")
    return text_of(answer.content)


def test_printing_gives_what_the_paper_says(
    signed_in: Client, offer: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    answer = signed_in.post(reverse("desk:print_letter", args=[offer.pk]))
    assert answer.headers["Location"] == reverse("desk:letter_pdf", args=[offer.pk])
    text, coupon = printed(signed_in, offer), Compensation.objects.get()
    for line in (task.customer.name, "12 Harbour Lane", "BT1 5GS Belfast", "United Kingdom"):
        assert line in text
    assert "We are sorry: your order 1009" in text
    assert "your parcel was late, and that was our fault." in text
    assert f"Your coupon of €10.00: {coupon.code}" in text
    assert signed_in.post(reverse("desk:print_letter", args=[offer.pk])).status_code == 302
    assert (Compensation.objects.count(), Letter.objects.count()) == (1, 1)


def test_before_anything_is_given_the_paper_says_that_it_is_a_copy(signed_in: Client, offer: Offer) -> None:
    assert COPY in printed(signed_in, offer).replace("\n", " ")
    assert not Compensation.objects.exists()


def test_a_letter_that_was_mailed_prints_with_its_code(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=now, letter_by="email")
    end(task, "talked", by=rep, now=now)
    assert f"{Compensation.objects.get().code}" in printed(signed_in, offer)


def test_what_can_still_change_is_not_printed(signed_in: Client, incident: Incident, task: CareTask) -> None:
    offer = factories.make_offer(incident, task=task)
    for answer in (
        signed_in.get(reverse("desk:letter_pdf", args=[offer.pk])),
        signed_in.post(reverse("desk:print_letter", args=[offer.pk])),
    ):
        assert answer.headers["Location"] == reverse("desk:offer", args=[offer.pk])
    page = signed_in.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert "this one can still change" in page
    assert not Compensation.objects.exists()


def test_another_teams_letter_is_not_found(client: Client, offer: Offer, other_rep: User) -> None:
    client.force_login(other_rep)
    assert client.get(reverse("desk:letter_pdf", args=[offer.pk])).status_code == 404
    assert client.post(reverse("desk:print_letter", args=[offer.pk])).status_code == 404
    assert client.get(reverse("desk:print_letter", args=[offer.pk])).status_code == 405


def test_words_are_data_and_never_markup() -> None:
    facts = {"shop": "#panic()", "address": ["*Grace*", '#read("/etc/passwd")'], "day": "$x$"}
    sheet = Sheet(**facts, subject="= #eval(1)", paragraphs=paragraphs_of(ODD), card=["#upper[abc]"])
    text = text_of(pdf_of(sheet))
    for line in ("#panic()", "*Grace*", '#read("/etc/passwd")', "$x$", "= #eval(1)", "#upper[abc]"):
        assert line in text
    for part in ODD.split("\n\n"):
        assert part in text
    assert "root:" not in text


def test_awkward_words_make_a_letter() -> None:
    words = "😀 שלום עולם\n\nمرحبا\r\n\r\n" + "x" * 10_000 + "\n\n" + "word " * 3000 + "\n\n  \n\nend"
    sheet = Sheet("", ["Grace"], "", "", paragraphs_of(words))
    text = text_of(pdf_of(sheet))
    assert text.replace("\n", "").replace("\u200b", "").count("x") == 10_000
    longest = max(text.split("\n"), key=len)
    assert len(longest) < 130  # no line runs over the edge
    assert text.rstrip().endswith("end")


def test_a_paragraph_goes_the_way_of_its_first_letter() -> None:
    found = paragraphs_of("Dear Grace,\nhello\r\n\r\n\n«مرحبا» Grace\n \n123 שלום\n\n...")
    assert found == [
        Paragraph(["Dear Grace,", "hello"]),
        Paragraph(["«مرحبا» Grace"], rtl=True),
        Paragraph(["123 שלום"], rtl=True),
        Paragraph(["..."]),
    ]


def test_a_country_stands_on_the_envelope_only_abroad() -> None:
    facts = {"name": "Grace Okafor", "street": "12 Harbour Lane", "postcode": "BT1 5GS", "city": "Belfast"}
    grace = Customer(**facts, country="GB")
    assert address_of(grace, home="gb") == ["Grace Okafor", "12 Harbour Lane", "BT1 5GS Belfast"]
    assert address_of(grace, home="DE")[-1] == "United Kingdom"

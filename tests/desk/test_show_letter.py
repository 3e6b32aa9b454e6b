"""The offer page and the customer's page tell where a letter is, from stored facts."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Shop, User
from apps.apologies.models import Compensation, Incident, Offer
from apps.apologies.services import hear_back
from apps.desk.approvals.letter_state import shown_letter
from apps.desk.approvals.timeline import so_far
from apps.outreach.models import Message
from apps.worklist.models import Attempt, CareTask
from tests import factories
from tests.apologies.told import approved, bounced, end, letter_task, live_at, sent, stands


def page_of(client: Client, offer: Offer) -> str:
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"letter_by": "email"}, "A call, then a letter by e-mail; at once."),
        ({"letter_by": "post", "letter_first": True}, "A letter by post, then a call; at once."),
        ({"letter_by": ""}, "A call, and no letter; at once."),
        ({"channel": "email", "letter_by": "email"}, "By e-mail: the letter is the apology; at once."),
        ({"channel": "post", "letter_by": "post"}, "By post: the letter is the apology; at once."),
        ({"channel": "find"}, "Whichever way is found; at once."),
    ],
)
def test_an_offer_says_how_it_reaches_them(
    signed_in: Client, incident: Incident, task: CareTask, fields: dict[str, Any], words: str
) -> None:
    assert words in page_of(signed_in, factories.make_offer(incident, task=task, **fields))


def test_an_offer_says_not_before_when(
    signed_in: Client, incident: Incident, task: CareTask, at: datetime
) -> None:
    offer = factories.make_offer(incident, task=task, moment=at + timedelta(days=40))
    assert re.search(r"A call, and no letter; not before \w{3} \d+ \w{3}", page_of(signed_in, offer))


def test_a_letter_that_waits_is_taken_back_from_its_offer(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    end(task, "talked", by=rep, now=timezone.now())
    text, attempt = page_of(signed_in, offer), Attempt.objects.get()
    assert re.search(r"Waits, (10|[5-9]) s to take it back", text)
    assert "Take back" in text
    undo = reverse("desk:undo_outcome", args=[attempt.pk])
    assert undo in signed_in.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert signed_in.post(undo).status_code == 302
    assert stands(offer) == ("approved", "open", "held")


def test_nobody_else_takes_the_outcome_back(
    client: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    end(task, "talked", by=rep, now=timezone.now())
    client.force_login(manager)
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert "/undo/" not in page
    assert "Waits, and goes out" in page


def test_where_it_is_and_what_it_gave(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    end(task, "talked", by=rep, now=at)
    sent(at)
    message, code = Message.objects.get(), Compensation.objects.get().code
    page = signed_in.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert f'href="{reverse("desk:mail", args=[message.pk])}"' in page
    assert re.search(r"Accepted here \w+ \d\d:\d\d: no key of the mail provider", page_of(signed_in, offer))
    Message.objects.update(provider_id="sg-1")
    text = page_of(signed_in, offer)
    assert re.search(r"Sent (today|tomorrow|yesterday) \d\d:\d\d", text)
    assert f"Your coupon of €10.00: {code}" in text
    assert "Print the letter" in text
    Message.objects.update(status="delivered")
    assert " Delivered " in page_of(signed_in, offer)


def test_who_speaks_with_no_customers_reads_no_code(
    client: Client, incident: Incident, task: CareTask, rep: User, manager: User, marketer: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    end(task, "talked", by=rep, now=at)
    client.force_login(marketer)
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert str(Compensation.objects.get().code) not in page
    assert "They answered" not in page
    assert "Print the letter" not in page
    assert client.get(reverse("desk:letter_pdf", args=[offer.pk])).status_code == 403


def test_what_came_back_says_who_posts_it_by_when(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    live_at(incident.customer)
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    end(task, "talked", by=rep, now=at)
    sent(at)
    bounced(Message.objects.get(), at)
    assert "The mail came back: to be posted, due" in page_of(signed_in, offer)
    end(letter_task(offer), "replied", by=rep, now=at)
    assert re.search("The mail came back: posted (today|yesterday)", page_of(signed_in, offer))


def test_without_a_letter_the_code_is_read_to_them(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="")
    end(task, "talked", by=rep, now=at)
    said = f"No letter tells it: read it to them. Your coupon of €10.00: {Compensation.objects.get().code}"
    assert said in page_of(signed_in, offer)


def test_an_answer_is_written_down_on_the_offer(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    assert "They answered" not in page_of(signed_in, offer)
    end(task, "talked", by=rep, now=at)
    url = reverse("desk:they_answered", args=[offer.pk])
    assert "What did they say?" in page_of(signed_in, offer)
    assert "Write down what they said" in signed_in.post(url, {"text": " "}, follow=True).content.decode()
    page = signed_in.post(url, {"text": "It came broken."}, follow=True).content.decode()
    assert "apology is open again, and comes before all else." in page
    assert stands(offer) == ("delivered", "open", "open")
    assert CareTask.objects.get(pk=task.pk).facts["wrote"] == "It came broken."


def test_an_answer_to_what_was_not_told_says_so(
    signed_in: Client, incident: Incident, task: CareTask, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at)
    url = reverse("desk:they_answered", args=[offer.pk])
    page = signed_in.post(url, {"text": "Hi"}, follow=True).content.decode()
    assert "have not heard this apology yet" in page
    assert stands(offer) == ("approved", "open", "open")


def test_the_customers_page_tells_of_letter_and_gift_but_not_of_the_code(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    live_at(incident.customer)
    approved(incident, task, by=manager, now=at, letter_by="post")
    end(task, "talked", by=rep, now=at)
    page = signed_in.get(reverse("desk:customer", args=[incident.customer_id])).content.decode()
    code = str(Compensation.objects.get().code)
    assert "Letter by post" in page
    assert "To be posted" in page
    assert "Coupon of €10.00" in page
    assert f"Code …{code.replace('-', '')[-4:]}" in page
    assert code not in page


def test_an_approved_first_letter_is_announced(
    client: Client, incident: Incident, task: CareTask, manager: User, at: datetime
) -> None:
    offer = factories.make_offer(incident, task=task, letter_by="email", letter_first=True)
    client.force_login(manager)
    url = reverse("desk:approve_offer", args=[offer.pk])
    page = client.post(url, {"version": 1}, follow=True).content.decode()
    assert "Its letter goes first, then the call." in page
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert reverse("desk:take_back_mail", args=[Message.objects.get().pk]) in page


def test_what_is_out_says_that_nothing_of_it_changes(
    signed_in: Client, incident: Incident, task: CareTask, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email", letter_first=True)
    assert "A change voids the approval." in page_of(signed_in, offer)
    sent(at)
    text = page_of(signed_in, offer)
    assert "The letter is out already, so nothing of it changes any more." in text
    assert "A change voids the approval." not in text


def test_so_far_tells_of_the_letter_and_its_answer(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    end(task, "talked", by=rep, now=at)
    hear_back(offer, text="Hello", by=rep, now=at)
    text = page_of(signed_in, offer)
    assert text.index("Its letter was made") < text.index("They answered by Ana Duarte")


def test_the_offer_page_asks_the_database_for_its_letter_once(
    signed_in: Client,
    incident: Incident,
    task: CareTask,
    rep: User,
    manager: User,
    at: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    offer = approved(incident, task, by=manager, now=at, letter_by="email")
    end(task, "talked", by=rep, now=timezone.now())
    zone = rep.zone(Shop.current())
    with django_assert_max_num_queries(3):  # its letters with mail and task, what was given, the last attempt
        shown_letter(offer, rep, zone=zone, now=timezone.now())


def test_so_far_stands_in_the_order_of_its_moments(incident: Incident, task: CareTask, at: datetime) -> None:
    """Found in the morning of the day on whose evening it arrived."""
    order = factories.make_order(
        incident.customer,
        placed_at=at - timedelta(days=9),
        promised_on=(at - timedelta(days=3)).date(),
        delivered_at=at - timedelta(hours=1),
    )
    Incident.objects.filter(pk=incident.pk).update(order=order, detected_at=at - timedelta(hours=12))
    offer = Offer.objects.select_related("incident__order").get(
        pk=factories.make_offer(incident, task=task).pk
    )
    steps = [step.what for step in so_far(offer)]
    assert steps[1:4] == ["Promised for this day", "Found by carecrm", "Arrived"]


def test_the_customers_page_says_who_approved_and_who_told_it(
    signed_in: Client, incident: Incident, task: CareTask, rep: User, manager: User, at: datetime
) -> None:
    approved(incident, task, by=manager, now=at)
    end(task, "talked", by=rep, now=at)
    page = signed_in.get(reverse("desk:customer", args=[incident.customer_id])).content.decode()
    assert f"Delivered, approved by {manager.name}" in page
    assert f"Talked by {rep.name}" in page

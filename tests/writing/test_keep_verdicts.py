"""What became of the findings, recorded when the text is saved: used, reworded, kept or left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from html import unescape
from re import findall

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.apologies.models import Incident, Offer
from apps.campaigns.models import Campaign
from apps.customers.models import Customer
from apps.desk.calls import views
from apps.feedback.models import FeedbackItem
from apps.language import Finding
from apps.worklist.models import Attempt, CareTask
from apps.writing import boxes
from apps.writing.answers import Answers
from apps.writing.models import Verdict
from apps.writing.report import rule_figures
from apps.writing.services import record_verdicts
from apps.writing.tokens import token_of
from tests import factories
from tests.factories import NOW

from .conftest import PHRASE, Tokens
from .fake_checker import RULE, check

pytestmark = pytest.mark.django_db

TEXT = f"{PHRASE} you."
AGAIN = "We are trying to send it."


def found(text: str = TEXT) -> list[Finding]:
    return check(text)


def tokens_in(text: str, by: User) -> list[str]:
    return [token_of(one, text[one.start : one.end], by) for one in found(text)]


def save(
    row: Customer, by: User, text: str = TEXT, answers: Answers | None = None, now: datetime = NOW
) -> None:
    record_verdicts(
        row, place="note", text=text, findings=found(text), answers=answers or Answers(), by=by, now=now
    )


@pytest.fixture
def customer(shop: object) -> Customer:
    return factories.make_customer()


def test_what_is_simply_left_is_recorded_with_its_words(customer: Customer, rep: User) -> None:
    save(customer, rep)
    kept = Verdict.objects.get()
    assert (kept.choice, kept.reason, kept.words, kept.stands) == ("left", "", PHRASE, True)
    assert (kept.rule, kept.category, kept.severity) == (RULE, "effort", "stop")
    assert (kept.subject, kept.subject_id, kept.place) == ("customers.customer", customer.pk, "note")
    assert (kept.by, kept.at) == (rep, NOW)


def test_a_reason_is_recorded(customer: Customer, rep: User) -> None:
    save(customer, rep, answers=Answers(kept={tokens_in(TEXT, rep)[0]: "wrong"}))
    assert Verdict.objects.values_list("choice", "reason").get() == ("kept", "wrong")


def test_of_words_that_went_nothing_is_kept(customer: Customer, rep: User) -> None:
    gone = Answers(used=tokens_in(TEXT, rep), changed=tokens_in("I am trying to be", rep))
    save(customer, rep, "I will help you.", gone)
    assert [(row.choice, row.words) for row in Verdict.objects.all()] == [("used", "")]


def test_a_rule_that_was_typed_through_counts_once_as_reworded(customer: Customer, rep: User) -> None:
    typed = [token for words in ("h", "he", "hel") for token in tokens_in(f"I'm trying to {words}", rep)]
    save(customer, rep, "I help you.", Answers(changed=typed))
    assert Verdict.objects.get().choice == "changed"


def test_a_use_that_was_taken_back_is_not_counted(customer: Customer, rep: User) -> None:
    save(customer, rep, TEXT, Answers(used=tokens_in(TEXT, rep), changed=tokens_in(TEXT, rep)))
    assert Verdict.objects.get().choice == "left"


@pytest.mark.parametrize("forged", ["effort.trying effort stop 00", "x.y z stop 00:sig", "", "a b c d e:f"])
def test_a_rule_that_was_never_shown_is_not_counted(customer: Customer, rep: User, forged: str) -> None:
    save(customer, rep, "Hello.", Answers(used=[forged], changed=[forged]))
    assert not Verdict.objects.exists()


def test_a_rule_that_was_shown_to_somebody_else_is_not_counted(
    customer: Customer, rep: User, manager: User
) -> None:
    [token] = tokens_in(TEXT, manager)
    save(customer, rep, "Hello.", Answers(used=[token], changed=[token]))
    save(customer, rep, TEXT, Answers(kept={token: "wrong"}))
    assert Verdict.objects.get().choice == "left"


def test_a_use_counts_once_for_its_text(customer: Customer, rep: User) -> None:
    for minute in range(3):
        again = Answers(used=tokens_in(TEXT, rep), changed=tokens_in(TEXT, rep))
        save(customer, rep, "I will help you.", again, now=NOW + timedelta(minutes=minute))
    used = Verdict.objects.get()
    assert (used.choice, used.at) == ("used", NOW)


def test_what_was_kept_and_is_replaced_later_counts_once(customer: Customer, rep: User) -> None:
    save(customer, rep, f"{TEXT} {AGAIN}", Answers(kept={tokens_in(TEXT, rep)[0]: "wrong"}))
    save(customer, rep, f"I will help you. {AGAIN}", Answers(used=tokens_in(TEXT, rep)))
    assert sorted(Verdict.objects.values_list("choice", "reason", "words", "stands")) == [
        ("left", "", "We are trying to send", True),
        ("used", "", "", False),
    ]


def test_saving_again_counts_nothing_twice(customer: Customer, rep: User) -> None:
    save(customer, rep)
    save(customer, rep, f"{TEXT} Bye.", now=NOW + timedelta(minutes=1))
    assert Verdict.objects.get().at == NOW


def test_a_later_reason_is_taken(customer: Customer, rep: User, manager: User) -> None:
    save(customer, rep)
    save(
        customer,
        manager,
        answers=Answers(kept={tokens_in(TEXT, manager)[0]: "true"}),
        now=NOW + timedelta(hours=1),
    )
    kept = Verdict.objects.get()
    assert (kept.choice, kept.reason, kept.by) == ("kept", "true", manager)


def test_a_reason_is_taken_back(customer: Customer, rep: User, manager: User) -> None:
    [token] = tokens_in(TEXT, rep)
    save(customer, rep, answers=Answers(kept={token: "wrong"}))
    [token] = tokens_in(TEXT, manager)
    save(customer, manager, answers=Answers(kept={token: ""}), now=NOW + timedelta(hours=1))
    left = Verdict.objects.get()
    assert (left.choice, left.reason, left.by, left.stands) == ("left", "", manager, True)


def test_a_reason_stays_where_nothing_is_said_of_it(customer: Customer, rep: User) -> None:
    save(customer, rep, answers=Answers(kept={tokens_in(TEXT, rep)[0]: "wrong"}))
    save(customer, rep, f"{TEXT} Bye.")
    assert Verdict.objects.get().reason == "wrong"


def test_undecided_is_a_choice_of_the_page(signed_in: Client, customer: Customer, tokens: Tokens) -> None:
    url, page = (reverse(f"desk:{name}", args=[customer.pk]) for name in ("customer_note", "customer"))
    [token] = tokens(signed_in.post(url, {"note": TEXT, "seen": "", "check": "yes"}).content.decode())
    signed_in.post(url, {"note": TEXT, "seen": "", "note_kept_1": f"wrong {token}"})
    shown = signed_in.get(page).content.decode()
    [undecided] = findall(r'name="note_kept_1" value="( [^"]+)"', shown)
    facts = {"note": f"{TEXT} Bye.", "seen": TEXT, "note_kept_1": unescape(undecided)}
    again = signed_in.post(url, {**facts, "check": "yes"}).content.decode()
    assert f'value="{undecided}" checked' in again
    assert signed_in.post(url, facts).status_code == 302
    assert Verdict.objects.values_list("choice", "reason").get() == ("left", "")


def test_a_reason_is_not_asked_for_again(client: Client, manager: User, second_manager: User) -> None:
    offer = factories.make_offer()
    client.force_login(manager)
    facts = {"words": TEXT, "compensation": "coupon", "amount": "10.00"}
    why = {"words_kept_1": f"true {tokens_in(TEXT, manager)[0]}"}
    url = reverse("desk:edit_offer", args=[offer.pk])
    client.post(url, {**facts, **why, "version": offer.version})
    client.force_login(second_manager)
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert "Kept: It is true and kind here" in page
    why = {"words_kept_1": f"true {tokens_in(TEXT, second_manager)[0]}"}
    client.post(url, {**facts, **why, "version": offer.version + 1})
    assert Verdict.objects.get().by == manager


def test_words_that_went_no_longer_stand_and_may_come_back(customer: Customer, rep: User) -> None:
    save(customer, rep, f"{TEXT} {AGAIN}")
    save(customer, rep, AGAIN)
    assert {row.words: row.stands for row in Verdict.objects.all()} == {
        PHRASE: False,
        "We are trying to send": True,
    }
    save(customer, rep, "Nothing.")
    assert not Verdict.objects.standing().exists()
    save(customer, rep)
    assert Verdict.objects.standing().get().words == PHRASE
    assert Verdict.objects.count() == 2


def test_a_save_without_findings_takes_few_queries(
    customer: Customer, rep: User, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(3):  # type: ignore[operator]  # a savepoint around the one query
        save(customer, rep, "I will ring you.")


@pytest.mark.django_db(transaction=True)
def test_counts_hold_under_saves_at_once(shop: object) -> None:
    rep = factories.make_user()
    customers = [factories.make_customer() for _ in range(12)]

    def work(customer: Customer) -> None:
        try:
            for _ in range(2):
                save(customer, rep, f"{TEXT} {AGAIN}", Answers(kept={tokens_in(AGAIN, rep)[0]: "wrong"}))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, [*customers, *customers]))
    [figures] = rule_figures(since=NOW)
    assert (figures.shown, figures.left, figures.wrong) == (24, 12, 12)


# Through the pages


def test_a_reply_that_is_sent_records_its_findings(
    signed_in: Client, item: FeedbackItem, rep: User, tokens: Tokens
) -> None:
    url = reverse("desk:answer_feedback", args=[item.pk])
    page = signed_in.post(url, {"words": f"{TEXT} {AGAIN}", "check": "yes"})
    assert page.status_code == 200
    first, second = tokens(page.content.decode())
    assert not Verdict.objects.exists()
    answers = {"words_kept_1": f"customer {first}", "words_judged": f"used {second}"}
    assert signed_in.post(url, {"words": TEXT, **answers}).status_code == 302
    kept, used = Verdict.objects.order_by("choice")
    assert (kept.choice, kept.reason, kept.words, kept.by) == ("kept", "customer", PHRASE, rep)
    assert (kept.subject, kept.subject_id) == ("feedback.feedbackitem", item.pk)
    assert (used.choice, used.words) == ("used", "")


def test_findings_never_stop_a_reply(signed_in: Client, item: FeedbackItem) -> None:
    signed_in.post(reverse("desk:answer_feedback", args=[item.pk]), {"words": TEXT})
    item.refresh_from_db()
    assert item.status == "answered"
    assert Verdict.objects.get().choice == "left"


def test_a_letter_records_the_words_as_they_were_saved(client: Client, manager: User) -> None:
    offer = factories.make_offer()
    client.force_login(manager)
    facts = {"compensation": "coupon", "amount": "10.00", "version": offer.version}
    url = reverse("desk:edit_offer", args=[offer.pk])
    assert client.post(url, {"words": TEXT, **facts}).status_code == 302
    kept = Verdict.objects.about(Offer.objects.get()).get()
    assert (kept.place, kept.words) == ("words", PHRASE)
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert "1 thing stayed as it was" in page
    assert "Effort instead of the result" in page
    assert "Left as it was" in page
    client.post(url, {"words": "Dear Grace, it was our fault.", **facts, "version": offer.version + 1})
    assert "stayed as it was" not in client.get(reverse("desk:offer", args=[offer.pk])).content.decode()


def held(task: CareTask, rep: User) -> CareTask:
    now = timezone.now()
    lease = {"held_at": now - timedelta(seconds=90), "held_until": now + timedelta(minutes=13)}
    CareTask.objects.filter(pk=task.pk).update(status="held", held_by=rep, **lease)
    return task


@pytest.fixture
def call(rep: User, team: Team) -> CareTask:
    now = timezone.now()
    window = {"calls_from": now - timedelta(hours=1), "calls_until": now + timedelta(hours=2)}
    return held(factories.make_task(team=team, due_at=now, **window), rep)


def test_call_notes_are_recorded_with_the_attempt_and_go_with_its_undo(
    signed_in: Client, call: CareTask
) -> None:
    signed_in.post(f"/calls/{call.pk}/outcome/", {"outcome": "talked", "notes": TEXT})
    attempt = Attempt.objects.get()
    assert Verdict.objects.about(attempt).get().place == "notes"
    signed_in.post(f"/calls/attempts/{attempt.pk}/undo/")
    assert not Verdict.objects.exists()


def test_a_call_is_recorded_though_its_verdicts_fail(
    signed_in: Client, call: CareTask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, text: str, **__: object) -> None:
        raise DatabaseError(text)

    monkeypatch.setattr(boxes, "record_verdicts", fails)
    answer = signed_in.post(f"/calls/{call.pk}/outcome/", {"outcome": "talked", "notes": TEXT})
    assert answer.status_code == 302
    assert Attempt.objects.get().notes == TEXT
    assert "Verdicts were not kept: DatabaseError" in caplog.text
    assert PHRASE not in caplog.text


def test_an_undo_takes_back_all_or_nothing(
    signed_in: Client, call: CareTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(about: object) -> None:
        raise DatabaseError

    signed_in.post(f"/calls/{call.pk}/outcome/", {"outcome": "talked", "notes": TEXT})
    attempt = Attempt.objects.get()
    monkeypatch.setattr(views, "forget_verdicts", fails)
    with pytest.raises(DatabaseError):
        signed_in.post(f"/calls/attempts/{attempt.pk}/undo/")
    assert Attempt.objects.standing().get() == attempt
    assert Verdict.objects.about(attempt).exists()


def test_what_the_customer_said_of_a_problem_is_not_judged(signed_in: Client, call: CareTask) -> None:
    url = f"/calls/{call.pk}/problem/"
    CareTask.objects.filter(pk=call.pk).update(notes=TEXT)
    page = signed_in.get(url).content.decode()
    assert TEXT.replace("'", "&#x27;") in page
    assert "data-check" not in page
    assert "Check the words" not in page
    signed_in.post(url, {"kind": "rude", "severity": "minor", "detail": f"Told her {TEXT}"})
    assert Incident.objects.get().detail == f"Told her {TEXT}"
    assert not Verdict.objects.exists()


def test_a_note_is_recorded(signed_in: Client, customer: Customer) -> None:
    signed_in.post(reverse("desk:customer_note", args=[customer.pk]), {"note": TEXT, "seen": ""})
    assert Verdict.objects.about(customer).get().words == PHRASE
    assert (
        "1 thing to look at" in signed_in.get(reverse("desk:customer", args=[customer.pk])).content.decode()
    )


def test_a_campaign_s_words_are_recorded_when_saved(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    campaign = Campaign.objects.get(play="vip_recognition")
    url = reverse("desk:campaign_settings", args=[campaign.pk])
    facts = {"backfill": "none", "minutes_per_task": 7, "opening_line": TEXT, "talk_points": f"One\n{AGAIN}"}
    checked = client.post(url, {**facts, "check": "yes"})
    assert checked.status_code == 200
    assert checked.content.decode().count("data-finding ") == 2
    campaign.refresh_from_db()
    assert campaign.opening_line != TEXT
    assert client.post(url, facts).status_code == 302
    assert sorted(Verdict.objects.values_list("place", flat=True)) == ["opening_line", "talk_points"]

"""Which failure an unhappy customer's words tell of: a labelled table, praise and denials included."""

import pytest

from apps.apologies.hearing import failure_heard, failure_told
from apps.feedback.models import FeedbackItem

TOLD = [
    ("late", "It came eight days late."),
    ("late", "Delivery took forever, I had given up on it."),
    ("late", "The parcel was delayed twice without a word."),
    ("late", "I am still waiting for my jacket."),
    ("late", "It did not come on the day you promised."),
    ("late", "Three weeks after the promised day it was here."),
    ("late", "It hasn't arrived yet and the birthday is over."),
    ("late", "Much too late for Christmas."),
    ("late", "Die Lieferung kam viel zu spät."),
    ("late", "Sechs Tage Verspätung, schade."),
    ("late", "Das Paket ist noch nicht da."),
    ("late", "A entrega atrasou mais de duas semanas."),
    ("late", "Ainda não recebi meu produto, o prazo passou."),
    ("late", "Demorou demais para chegar."),
    ("late", "El pedido llegó con retraso."),
    ("late", "Livraison en retard de dix jours."),
    ("lost", "The parcel never arrived."),
    ("lost", "I have not received anything to this day."),
    ("lost", "The courier says it was lost in transit."),
    ("lost", "My package went missing and nobody cares."),
    ("lost", "It didn't arrive. Where is it?"),
    ("lost", "Mein Paket ist verloren gegangen."),
    ("lost", "Ich habe die Ware nicht erhalten."),
    ("lost", "Não recebi o produto."),
    ("lost", "O pedido foi extraviado pelo correio."),
    ("lost", "El paquete no llegó."),
    ("lost", "Je n'ai rien reçu."),
    ("wrong", "You sent the wrong size."),
    ("wrong", "This is not what I ordered."),
    ("wrong", "I got a different colour from the one I ordered."),
    ("wrong", "Two of the cups were missing pieces, the order was incomplete."),
    ("wrong", "Only half of my order was in the box."),
    ("wrong", "Falscher Artikel geliefert."),
    ("wrong", "Es fehlt ein Teil."),
    ("wrong", "Veio o produto errado."),
    ("wrong", "Comprei dois e recebi só um."),
    ("wrong", "Me enviaron otro producto."),
    ("broken", "The lamp arrived broken."),
    ("broken", "The glass was cracked from top to bottom."),
    ("broken", "It stopped working after two days."),
    ("broken", "The zip is torn and the box was damaged."),
    ("broken", "Der Griff war kaputt."),
    ("broken", "Die Tasse kam zerbrochen an."),
    ("broken", "O produto veio quebrado."),
    ("broken", "Chegou com defeito."),
    ("broken", "Llegó roto."),
    ("broken", "Le vase est cassé."),
    ("rude", "The man on the phone was rude."),
    ("rude", "Your agent hung up on me."),
    ("rude", "She laughed at me when I asked for help."),
    ("rude", "Sehr unfreundlich am Telefon."),
    ("rude", "A atendente foi grosseira comigo."),
    ("silent", "Two mails, and no answer."),
    ("silent", "Nobody answered my calls."),
    ("silent", "I was simply ignored."),
    ("silent", "I wrote a week ago and you never replied."),
    ("silent", "Auf drei Mails keine Antwort."),
    ("silent", "Ninguém responde meus emails."),
    ("silent", "Personne ne répond."),
]
NOT_TOLD = [
    "The colour is not my taste.",
    "It was not late, but it is too small for me.",
    "Nothing was broken, I just do not like it.",
    "No delay, no damage, only a dull design.",
    "It never broke, it simply bores me.",
    "Too expensive for what it is.",
    "The fabric is thinner than I hoped.",
    "The staff were not rude, only slow to smile.",
    "I love it, thank you so much!",
    "Arrived on time and well packed. The taste is awful.",
    "Better late than never, I suppose, but this dress is ugly.",
    "I ordered the jacket for late summer, it is too warm.",
    "I lost the receipt and the shop would not take it back.",
    "Es war nicht kaputt, aber hässlich.",
    "Nicht zu spät, aber zu klein.",
    "Kam pünktlich, gefällt mir nicht.",
    "Chegou sem atraso, mas não gostei da cor.",
    "Boa tarde, o tecido é muito fino.",
    "Não veio quebrado, mas é feio.",
    "Buenas tardes, la tela es muy fina.",
    "Le tissu est trop fin.",
    "",
]


def test_the_table_is_heard_right() -> None:
    """Precision: of what is heard, how much is so, and of that kind. Recall: how much of what is told."""
    heard = [(kind, failure_told(text)) for kind, text in TOLD]
    right = sum(kind == found for kind, found in heard)
    all_heard = [found for _, found in heard] + [failure_told(text) for text in NOT_TOLD]
    found = sum(one is not None for one in all_heard)
    assert len(TOLD) + len(NOT_TOLD) >= 60
    assert right / found >= 0.9
    assert right / len(TOLD) >= 0.8


@pytest.mark.parametrize("text", NOT_TOLD)
def test_what_is_denied_or_meant_otherwise_is_no_failure(text: str) -> None:
    assert failure_told(text) is None


@pytest.mark.parametrize(("score", "heard"), [(1, "late"), (2, "late"), (3, None), (5, None), (None, None)])
def test_only_a_low_score_is_asked(score: int | None, heard: str | None) -> None:
    assert failure_heard(FeedbackItem(score=score, text="It came eight days late.")) == heard


def test_the_title_is_read_too() -> None:
    assert failure_heard(FeedbackItem(score=1, title="Arrived broken", text="Sad.")) == "broken"


def test_the_strongest_that_is_told_stands() -> None:
    assert failure_told("It came late, it was broken, and nobody answered.") == "broken"

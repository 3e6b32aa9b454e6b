import pytest

from apps.feedback.kinds import kind_of
from apps.feedback.models import FeedbackItem


def kind(score: int | None, text: str) -> str:
    return kind_of(FeedbackItem(score=score, text=text)).value


@pytest.mark.parametrize(
    ("score", "text", "expected"),
    [
        (1, "", "complaint"),
        (2, "I love it", "complaint"),
        (3, "", "comment"),
        (4, "", "praise"),
        (5, "", "praise"),
        (None, "", "comment"),
        (None, "  ", "comment"),
        (3, "ok", "comment"),
        (5, "It would be nice to have it in green", "idea"),
        (None, "A repair kit in the box would save me a trip to town.", "idea"),
    ],
)
def test_the_score_tells_what_it_can(score: int | None, text: str, expected: str) -> None:
    assert kind(score, text) == expected


@pytest.mark.parametrize(
    ("score", "text", "expected"),
    [
        (None, "Nobody ever rang just to ask. That made my week.", "praise"),
        (None, "Eleven days, two mails, no answer.", "complaint"),
        (3, "It doesn't close", "complaint"),
        (4, "Lovely jacket, but the zip broke after a week.", "comment"),
        (4, "Great boots. The parcel came late.", "comment"),
        (4, "No problem at all, arrived on time.", "praise"),
        (4, "It\N{RIGHT SINGLE QUOTATION MARK}s not very good in the rain", "comment"),
        (5, "Broke on the first day.", "comment"),
        (5, "Waited three weeks, but I love it!", "praise"),
        (3, "The quality is not good.", "complaint"),
        (None, "Couldn't be happier, thank you.", "praise"),
        (None, "I did not expect such a lovely card, thank you", "comment"),
        (None, "Good morning, where is my parcel?", "comment"),
        (None, "Please send the goods to my neighbour", "comment"),
        (None, "Had breakfast in it, wore it on the chocolate tour", "comment"),
        (None, "Thanks, but you sent the wrong size", "complaint"),
    ],
)
def test_english_words(score: int | None, text: str, expected: str) -> None:
    assert kind(score, text) == expected


@pytest.mark.parametrize(
    ("score", "text", "expected"),
    [
        (3, "Der Reißverschluss ist kaputt", "complaint"),
        (4, "Schöne Jacke, leider fehlte ein Knopf", "comment"),
        (None, "Die Qualität ist nicht so gut", "complaint"),
        (None, "Alles gut, danke!", "praise"),
        (4, "Kam nicht zu spät, passt", "praise"),
        (None, "Guten Tag, wann kommt mein Paket?", "comment"),
        (None, "Es wäre schön, wenn es die Jacke in Blau gäbe", "idea"),
        (4, "Chegou antes do prazo, recomendo", "praise"),
        (None, "Produto veio errado", "complaint"),
        (4, "Produto bom mas chegou com defeito", "comment"),
        (3, "Não gostei do tecido", "complaint"),
        (None, "Não recomendo", "complaint"),
        (None, "Boa tarde, qual o prazo?", "comment"),
        (4, "Entregue no prazo, muito bom", "praise"),
        (4, "entregue no prazo recomendo", "praise"),
        (None, "Não tive problemas, recomendo a loja", "praise"),
        (None, "Comprei a mala e adorei", "praise"),
        (None, "Joguei a bomba fora e guardei o boato", "comment"),
        (None, "No es bueno", "complaint"),
        (4, "Todo perfecto, gracias", "praise"),
        (4, "Muy bonito pero llegó tarde", "comment"),
        (None, "Sin problemas, estoy contenta", "praise"),
        (None, "El pedido llegó roto", "complaint"),
        (None, "Me gustaría verlo en rojo", "idea"),
        (None, "Ce n'est pas très bon", "complaint"),
        (4, "Très joli mais la couture a cassé", "comment"),
        (None, "Merci, c'est parfait", "praise"),
        (None, "Pas de problème, merci", "praise"),
        (None, "Le colis est arrivé en retard", "complaint"),
    ],
)
def test_words_of_other_languages(score: int | None, text: str, expected: str) -> None:
    assert kind(score, text) == expected

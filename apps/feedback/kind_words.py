"""The words by which a kind is told, in English, German, Portuguese, Spanish and French.

Written and matched in small letters without accents, as whole words; `*` stands for any ending.
A word that means something else in another of the languages is left out or stands in a phrase: "mala" is
Spanish for bad and Portuguese for a suitcase, "no" is Portuguese for "in the".
"""

import re
import unicodedata

IDEA_WORDS = """
    would save, would be nice, would be great, would be good, would be better, would love, i wish, could
    you, could there, you could, you should, it would help, suggest*, please add, an idea, why not, if
    only, missing is, missing are, ware schon, ware gut, ware toll, konntet, wunsche, wunschen,
    wunschte, vorschlag*, sugest*, sugir*, sugier*, poderia*, gostaria*, deveria*, seria bom, seria
    otimo, seria bueno, podrian, me gustaria, serait, pourriez, j'aimerais
"""
PROBLEM_WORDS = """
    no answer, no reply, broke, broken, breaks, late, waited, waiting, wait, wrong, lost, missing,
    damage*, refund*, bad, poor, rude, slow, terrible, awful, disappoint*, defect*, faulty, torn, stuck,
    problem*, unhappy, kaputt, spat, verspat*, falsch*, schlecht*, enttausch*, fehlt*, defekt*, leider,
    mangel*, gebrochen, atras*, errad*, ruim, pessim*, falta, faltou, faltando, faltam, quebr*, defeit*,
    demor*, muito tarde, tarde demais, chegou tarde, roto, tardo, llego tarde, demasiado tarde, llego
    rota, vino rota, esta rota, malo, muy mala, mala calidad, mala experiencia, error, errores,
    decepcion*, falla*, retras*, casse*, retard*, mauvais*, manque*, decu, decue, decus
"""
THANKS_WORDS = """
    thank*, love, loved, lovely, great, perfect*, excellent*, wonderful*, happy, happier, made my, best,
    recommend*, good, brilliant, delight*, danke*, super, toll, tolle, toller, tolles, gut, gute, guter,
    gutes, prima, spitze, zufrieden, begeistert, otim*, adoro, adorei, adoramos, obrigad*, recomend*,
    perfeit*, bom, boa, bons, boas, gostei, amei, maravilh*, gracias, encant*, bueno, buena, genial*,
    content*, merci, parfait*, ravi, ravie, bon, bonne
"""
DENIAL_WORDS = """
    not, never, nicht, kein, keine, keinen, keiner, nie, nao, nunca, pas, jamais
"""
# Neither thanks nor trouble: greetings, courtesies, and denials that praise
SET_WORDS = """
    good morning, good afternoon, good evening, guten tag, guten morgen, guten abend, bom dia, boa
    tarde, boa noite, buenos dias, buenas tardes, buenas noches, in advance, best regards, best wishes,
    can't wait, worth the wait, not only, nicht nur, nao so, no solo, pas seulement, nothing but,
    without a doubt, no doubt, ohne zweifel, sem duvida, sin duda, pas mal
"""
NOT = r"(?:not|nicht|nao|pas|\w+n't)"
FILL = r"(?:(?:an?|any|de|d|eine?|um|uma|un|una|had|have|to|tive|tem|ha|is|was|zu|too|so|the) ){0,2}"


def plain(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def any_of(words: str) -> str:
    """A pattern of any of these words or phrases, parted by commas."""
    entries = [re.escape(" ".join(word.split())).replace(r"\*", r"\w*") for word in words.split(",")]
    return rf"\b(?:{'|'.join(entries)})(?!\w)"


IDEAS = re.compile(any_of(IDEA_WORDS))
PROBLEMS = re.compile(any_of(PROBLEM_WORDS))
THANKS = re.compile(any_of(THANKS_WORDS))
DENIALS = re.compile(rf"{any_of(DENIAL_WORDS)}|\b\w+n't\b")
SET_PHRASES = re.compile(rf"{any_of(SET_WORDS)}|\bcouldn't be (?:happier|better)\b")
# "no problem", "nothing is missing", "nicht zu spat", "nao tive problemas", "pas de probleme"
NO_PROBLEM = re.compile(
    rf"\b(?:{NOT}|no|never|nothing|without|kein\w*|ohne|nie|nunca|nada|nenhum\w*|sem|sin|ningun\w*|sans"
    rf"|aucun\w*) {FILL}{any_of(PROBLEM_WORDS)}"
)
# "not very good", "nie wieder gut", "no es bueno"; never across a comma or a full stop
NEGATED_THANKS = re.compile(
    rf"\b(?:{NOT}(?: \w+){{0,2}}|(?:never|nie|nunca|jamais|hardly)(?: \w+)?|without|nothing|nada|kein\w*|ohne"
    rf"|sem|sin|sans|aucun\w*|no(?: (?:es|esta|era|fue|me|lo|la|muy|tan|very|estoy)){{0,2}})"
    rf" {any_of(THANKS_WORDS)}"
)

"""The plain form of a word, however it is written: "I'm" and "im" are "i am", "sooo" is "so"."""

import re
import unicodedata
from functools import lru_cache
from sys import intern

LONGEST_WORD = 40  # a longer "word" is nobody's word
APOSTROPHES = "'\u2019\u2018\u02bc\u00b4`"
UNSEEN = frozenset(("Mn", "Me", "Cf"))  # their categories in Unicode
DRAWN_OUT = re.compile(r"([a-z])\1{2,}")  # "sooo"
TAILS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "'d", "s": "'s"}
NOT_TAIL = "n't"
WHOLE = {
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "cannot": ("can", "not"),
    "let's": ("let", "us"),
    "ain't": ("is", "not"),
    "y'all": ("you", "all"),
    "c'mon": ("come", "on"),
    "o'clock": ("oclock",),
}
# How people in a hurry write them; none is a word of its own
UNMARKED = {
    "im": "i am", "ive": "i have", "youre": "you are", "youve": "you have", "youll": "you will",
    "theyre": "they are", "theyve": "they have", "weve": "we have", "hes": "he is", "shes": "she is",
    "thats": "that is", "whats": "what is", "theres": "there is", "heres": "here is", "dont": "do not",
    "doesnt": "does not", "didnt": "did not", "cant": "can not", "wont": "will not", "isnt": "is not",
    "wasnt": "was not", "werent": "were not", "arent": "are not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "couldnt": "could not", "wouldnt": "would not",
    "shouldnt": "should not", "shouldve": "should have", "couldve": "could have",
    "wouldve": "would have", "itll": "it will", "thatll": "that will", "theyll": "they will",
    "youd": "you 'd", "theyd": "they 'd", "gonna": "going to", "gotta": "have to", "wanna": "want to",
    "gotcha": "got you", "dunno": "do not know", "kinda": "kind of", "mustve": "must have",
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "thx": "thanks",
    "bc": "because", "cuz": "because", "cos": "because", "coz": "because", "tho": "though",
    "tbh": "to be honest", "imo": "in my opinion", "btw": "by the way", "asap": "as soon as possible",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def plain_words(written: str) -> tuple[str, ...]:
    """`written` in its plain form: small letters, no accents, contractions taken apart. Each word is one
    object wherever it stands, which is found sooner where words are looked up."""
    return tuple(map(intern, _plain_words(written)))


def _plain_words(written: str) -> tuple[str, ...]:
    word = written.casefold()
    if not word.isascii():
        for apostrophe in APOSTROPHES[1:]:
            word = word.replace(apostrophe, "'")
        word = unicodedata.normalize("NFKD", word)
        word = "".join(letter for letter in word if unicodedata.category(letter) not in UNSEEN)
    if len(word) > LONGEST_WORD:
        word = word[:LONGEST_WORD]
    word = DRAWN_OUT.sub(r"\1", word)
    if known := WHOLE.get(word):
        return known
    if short := UNMARKED.get(word):
        return tuple(short.split())
    if "'" in word:
        if word.endswith(NOT_TAIL):
            return (word[: -len(NOT_TAIL)], "not")
        head, _, tail = word.rpartition("'")
        if tail in TAILS:
            return (*_plain_words(head), TAILS[tail])
        if word.endswith("'ve") or not tail:
            return (head,)
    return (word,)

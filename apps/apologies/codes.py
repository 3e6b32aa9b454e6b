"""Coupon codes that cannot be guessed, and that a mistyped character does not turn into another.

`K7Q2-9XTM-4WRC-H0ZN-P`: sixteen characters of Crockford's base 32 from the system's source of randomness,
which are 80 bits, and one that checks them. Read without regard to case, spaces or hyphens; O is read as 0,
I and L as 1.

The check is a polynomial over GF(32) that is nothing at a generator, whose first 31 powers all differ. So it
tells every single wrong character, every swap of two characters (neighbours or not), and every pair of equal
neighbours that became another pair. It stays in the alphabet: it needs no signs of its own.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 16
GROUP = 4
MODULUS = 0b100101  # x^5 + x^2 + 1, of which x is a generator
READ_AS = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\u2014")


def new_code() -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return _grouped(drawn + check_character(drawn))


def normal(typed: str) -> str:
    """One of our codes as it is stored, however it was typed; empty where it cannot be one."""
    code = typed.strip().upper().translate(READ_AS)
    if len(code) != RANDOM + 1 or not set(code) <= set(ALPHABET):
        return ""
    return _grouped(code) if check_character(code[:-1]) == code[-1] else ""


def spellings(typed: str) -> set[str]:
    """What to look for: a code of the shop's own system as it is, and one of ours."""
    plain = typed.strip()
    return {plain, plain.upper(), normal(typed)} - {""}


def masked(code: str | None) -> str:
    """Enough to find it by, too little to use it."""
    return f"…{code.replace('-', '')[-4:]}" if code else ""


def check_character(code: str) -> str:
    """What makes the polynomial nothing at the generator."""
    value = 0
    for character in code:
        value = _times_generator(value) ^ ALPHABET.index(character)
    return ALPHABET[_times_generator(value)]


def _times_generator(value: int) -> int:
    value <<= 1
    return value ^ MODULUS if value & 32 else value


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))

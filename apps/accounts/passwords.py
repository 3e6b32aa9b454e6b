"""Passwords that the product makes: shown once, read aloud without mistakes."""

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
GROUPS = 4
GROUP_LENGTH = 4


def new_password() -> str:
    """Sixteen random letters in four groups, about 79 bits: `kfmw-7t3q-hzpx-92nd`."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)

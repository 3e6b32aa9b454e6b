"""A finding as the page sends it back: signed, so that a writer answers only for what was shown to them."""

from dataclasses import dataclass
from hashlib import blake2b

from django.core.signing import BadSignature, Signer

from apps.accounts.models import User
from apps.language import Finding

signer = Signer(salt="writing.finding")


@dataclass(frozen=True)
class Known:
    """What a token says."""

    rule: str
    category: str
    severity: str
    words: str = ""  # their digest


def token_of(finding: Finding, words: str, by: User) -> str:
    """The same for the same writer, rule and words, wherever they stand."""
    return signer.sign(f"{finding.rule} {finding.category} {finding.severity} {digest_of(words)} {by.pk}")


def read(token: str, by: User) -> Known | None:
    """None for what was never shown to this writer."""
    try:
        rule, category, severity, words, writer = signer.unsign(token).split(" ")
    except (BadSignature, ValueError):
        return None
    return Known(rule, category, severity, words) if writer == str(by.pk) else None


def digest_of(words: str) -> str:
    return blake2b(words.encode(errors="surrogatepass"), digest_size=6).hexdigest()

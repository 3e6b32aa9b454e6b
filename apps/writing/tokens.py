"""A finding as the page sends it back: signed, so that no rule is counted that was never shown."""

from dataclasses import dataclass
from hashlib import blake2b

from django.core.signing import BadSignature, Signer

from apps.language import Finding

signer = Signer(salt="writing.finding")


@dataclass(frozen=True)
class Known:
    """What a token says."""

    rule: str
    category: str
    severity: str


def token_of(finding: Finding, quote: str) -> str:
    """The same for the same rule and words, wherever they stand."""
    digest = blake2b(quote.encode(), digest_size=6).hexdigest()
    return signer.sign(f"{finding.rule} {finding.category} {finding.severity} {digest}")


def read(token: str) -> Known | None:
    try:
        rule, category, severity, _ = signer.unsign(token).split(" ")
    except (BadSignature, ValueError):
        return None
    return Known(rule, category, severity)

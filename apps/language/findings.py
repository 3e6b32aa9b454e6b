"""What the checker is told about a draft, and what it answers."""

from dataclasses import dataclass

STOP, FIX, ADVISE = "stop", "fix", "advise"
SEVERITIES = (STOP, FIX, ADVISE)


@dataclass(frozen=True)
class Context:
    """Where a draft stands. Everything may be left out: what is not known is read from the draft.

    channel: "email", "chat", "sms", "social", "letter", "call_note" or "feedback_reply".
    play: "apology", "feedback", "welcome", "vip" or "inquiry"; praise of a colleague hurts in an
        apology and is welcome in a welcome call.
    role: "rep" or "manager".
    colleagues, carriers, departments: names as the team writes them.
    customer_words: (start, end) of what the customer said, in code points; never flagged.
    """

    channel: str = ""
    play: str = ""
    role: str = ""
    colleagues: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    customer_words: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Finding:
    """Words that protect us instead of helping the customer.

    start, end: code points of the draft. severity: "stop", "fix" or "advise". message: why it hurts,
    in one line. rewrites: one to three texts, each of which can stand in the draft for [start, end);
    "…" in one stands for what only the writer knows. rule: the rule's name, `<category>.<what>`.
    source: who says so.
    """

    start: int
    end: int
    category: str
    severity: str
    message: str
    rewrites: tuple[str, ...]
    rule: str
    source: str

"""Which words of a draft are defensive."""

import re

from .findings import STOP, Context, Finding

ANYWHERE = Context()
TRYING = re.compile(r"\b(?:I'm|I am|we're|we are) trying to (\w+)", re.I)


def check(text: str, *, context: Context = ANYWHERE) -> list[Finding]:
    """The findings of `text` in the order of their starts."""
    return [
        Finding(
            found.start(),
            found.end(),
            "effort",
            STOP,
            "They need the result, not our effort.",
            (f"I will {found[1]}",),
            "effort.trying",
            "Nasser",
        )
        for found in TRYING.finditer(text)
    ]

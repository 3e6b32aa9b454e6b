"""A checker of one rule: what the box does with findings does not depend on which words are found."""

import re
from pathlib import Path

from apps.language import Context, Finding

TRYING = re.compile(r"\b(?:I'm|I am|we're|we are) trying to (\w+)", re.I)
RULE = "effort.trying"
ANYWHERE = Context()


def check(text: str, *, context: Context = ANYWHERE, folders: tuple[Path, ...] = ()) -> list[Finding]:
    return [
        Finding(
            found.start(),
            found.end(),
            "effort",
            "stop",
            "They need the result, not our effort.",
            (f"I will {found[1]}", f"I will {found[1]} by …"),
            RULE,
            "tests",
        )
        for found in TRYING.finditer(text)
    ]

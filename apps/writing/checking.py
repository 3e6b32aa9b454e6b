"""A draft, read by the checker. Its words are neither kept nor logged; its faults stop nobody."""

import logging

from django.conf import settings

from apps.accounts.models import Role, User
from apps.language import Context, Finding, check

from .colleagues import first_names

logger = logging.getLogger(__name__)

ROLES = {Role.REP: "rep", Role.MANAGER: "manager", Role.ADMIN: "manager"}  # as the checker knows them
LONGEST = 20_000  # code points that are read of one draft


def plain(text: str) -> str:
    """As a text box counts: a browser sends its line ends as two characters and counts them as one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def findings_of(text: str, *, channel: str, play: str, by: User) -> list[Finding]:
    """In the order of their starts; offsets are code points of `plain(text)`.

    Carriers, departments and the customer's words are not told: nothing here keeps them. A team names its own
    in a folder of words (docs/language.md).
    """
    draft = plain(text)[:LONGEST]
    if not draft.strip():
        return []
    context = Context(channel=channel, play=play, role=ROLES.get(Role(by.role), ""), colleagues=first_names())
    try:
        found = check(draft, context=context, folders=settings.LANGUAGE_FOLDERS)
    except Exception as fault:  # whatever it is, the writer goes on; its message may quote the draft
        logger.error("The checker failed: %s", type(fault).__name__)
        return []
    usable = [one for one in found if 0 <= one.start < one.end <= len(draft)]
    return sorted(usable, key=lambda one: (one.start, one.end))

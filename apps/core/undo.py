"""How long what was just done can be taken back: the one figure that services and toasts go by."""

from datetime import datetime, timedelta

UNDO_FOR = timedelta(seconds=10)  # what the screen offers, counted down in the toast
GRACE = timedelta(seconds=5)  # the page's journey before its ten seconds begin, and the click's after them


def may_still_undo(done_at: datetime, *, now: datetime) -> bool:
    return now - done_at <= UNDO_FOR + GRACE

"""Who sends codes that are none is stopped for a while: 5 a minute and 20 an hour for each address.

Counted in the cache, which all web processes share where there is Redis; else each counts for itself. A
window begins with its first wrong code.
"""

import hashlib
from datetime import datetime

from django.core.cache import cache

WINDOWS = {60: 5, 3600: 20}  # seconds, and how many wrong codes


def too_many_wrong(address: str, *, now: datetime) -> int:
    """For how many seconds more this address has to wait; 0 may try."""
    waits = [0]
    for seconds, most in WINDOWS.items():
        count, since = _window(address, seconds)
        if count >= most:
            waits.append(max(1, round(since + seconds - now.timestamp())))
    return max(waits)


def wrong_again(address: str, *, now: datetime) -> int:
    """Count one more. Of many at once, those beyond the number hear only that they have to wait."""
    over = False
    for seconds, most in WINDOWS.items():
        key = _key(address, seconds)
        cache.add(f"{key}:since", now.timestamp(), seconds)
        cache.add(key, 0, seconds)
        over |= _more(key) > most
    return too_many_wrong(address, now=now) if over else 0


def _window(address: str, seconds: int) -> tuple[int, float]:
    key = _key(address, seconds)
    found = cache.get_many([key, f"{key}:since"])
    return found.get(key, 0), found.get(f"{key}:since", 0.0)


def _more(key: str) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:  # its window ended this moment
        return 1


def _key(address: str, seconds: int) -> str:
    """An address is personal: it is kept as a hash."""
    return f"wrong-codes:{seconds}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"

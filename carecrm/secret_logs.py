"""Some addresses are proofs themselves: the door for replies, the way out of mail. A log keeps neither."""

import logging
import re

SECRET = re.compile(r"(/mail/(?:replies|unsubscribe)/)[^\s?]+")
MASKED = r"\1…"


class SecretFilter(logging.Filter):
    """Masks the secret part of an address wherever a record names it; drops nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                SECRET.sub(MASKED, value) if isinstance(value, str) else value for value in record.args
            )
        if isinstance(record.msg, str):
            record.msg = SECRET.sub(MASKED, record.msg)
        return True

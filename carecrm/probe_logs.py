"""A probe that hears "not ready" has its answer: the log needs no error each time it asks."""

import logging
from http import HTTPStatus

PROBE = "/readyz"


class ProbeFilter(logging.Filter):
    """Drops what `django.request` says about a 503 of the readiness page; all else passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        status = getattr(record, "status_code", None)
        return not (path.endswith(PROBE) and status == HTTPStatus.SERVICE_UNAVAILABLE)

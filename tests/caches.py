"""The tests' cache. On Redis it is one server for all processes of a run, and for their queues."""

import redis
from django.conf import settings
from django.core.cache import cache


def empty_cache() -> None:
    """Forget what this process has kept. `cache.clear()` would empty the whole server, queues and all."""
    location = settings.CACHES["default"]["LOCATION"]
    if not location.startswith("redis"):
        cache.clear()
        return
    with redis.Redis.from_url(location) as server:
        for key in server.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}*"):
            server.delete(key)

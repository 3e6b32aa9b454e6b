"""`servers.py POSTGRES_URL REDIS_URL`: fails where one does not answer, naming what starts it."""

import sys
from urllib.parse import urlsplit

import psycopg
import redis


def main(postgres: str, broker: str) -> int:
    missing = [*ask_postgres(postgres), *ask_redis(broker)]
    for line in missing:
        print(line, file=sys.stderr)
    return len(missing)


def ask_postgres(url: str) -> list[str]:
    maintenance = urlsplit(url)._replace(path="/postgres").geturl()  # the tests make their own
    try:
        psycopg.connect(maintenance, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return [f"PostgreSQL does not answer at {url}: {error}", "Start it: service postgresql start"]
    return []


def ask_redis(url: str) -> list[str]:
    if not url.startswith("redis"):
        return []
    try:
        redis.Redis.from_url(url, socket_connect_timeout=5).ping()
    except redis.RedisError as error:
        return [f"Redis does not answer at {url}: {error}", "Start it: service redis-server start"]
    return []


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Every environment variable that carecrm reads: what it is for, its default, and what is wrong with a value.

Needs no settings, so that it can say what is wrong where the settings cannot be read.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg
import redis
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sendgrid.helpers.eventwebhook import EventWebhook

from apps.language.loading import language
from apps.language.rules import RuleError

YES = {"true", "on", "ok", "y", "yes", "1"}
NO = {"false", "off", "n", "no", "0"}
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
READ_BY_TESTS = {"CARECRM_REAL_DATA", "CARECRM_CHROMIUM"}
ANSWER_SECONDS = 3
NOT_SAFE = "must begin with https:// where mail leaves: customers follow its links, the provider calls here"


@dataclass(frozen=True)
class Variable:
    """`problem` gives what is wrong with a value, or an empty string."""

    name: str
    default: str
    purpose: str
    problem: Callable[[str], str]
    secret: bool = False

    def shown(self, value: str) -> str:
        if not value:
            return ""
        return "********" if self.secret else without_password(value)


@dataclass(frozen=True)
class Finding:
    name: str
    value: str
    default: str
    purpose: str
    problem: str


def findings(environment: Mapping[str, str]) -> list[Finding]:
    """One for each variable, and one for each CARECRM_ name that nothing reads."""
    known = [
        Finding(
            each.name,
            each.shown(value),
            each.default,
            each.purpose,
            (each.problem(value) if value else "") or _beside(each.name, environment),
        )
        for each in VARIABLES
        for value in [environment.get(each.name, "")]
    ]
    names = {each.name for each in VARIABLES} | READ_BY_TESTS
    strays = sorted(name for name in environment if name.startswith("CARECRM_") and name not in names)
    return known + [Finding(name, "********", "", "", "nothing reads it: a misspelling?") for name in strays]


def _beside(name: str, environment: Mapping[str, str]) -> str:
    """What is wrong with a value, or with its default, beside another."""
    key = environment.get("SENDGRID_API_KEY", "")
    mail_leaves = bool(key) and not one_word(key)
    is_safe = environment.get(name, "").startswith("https://")
    return NOT_SAFE if name == "CARECRM_URL" and mail_leaves and not is_safe else ""


def without_password(value: str) -> str:
    parts = _split(value)
    if parts is None or not parts.password:
        return value
    return value.replace(f":{parts.password}@", ":********@", 1)


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def folder(value: str) -> str:
    path = Path(value).expanduser()
    nearest = next(each for each in [path, *path.resolve().parents] if each.exists())
    if not nearest.is_dir():
        return f"{nearest} is not a folder"
    return "" if os.access(nearest, os.W_OK) else f"{nearest} cannot be written to"


def language_folder(value: str) -> str:
    if not Path(value).is_dir():
        return f"{value} is not a folder"
    try:
        language(Path(value), letters=True)
    except RuleError as mistake:
        return str(mistake)
    return ""


def yes_or_no(value: str) -> str:
    return "" if value.lower() in YES | NO else "must be yes or no"


def number(least: int, most: int) -> Callable[[str], str]:
    def problem(value: str) -> str:
        fits = value.isdigit() and least <= int(value) <= most
        return "" if fits else f"must be a whole number from {least} to {most}"

    return problem


def long_enough(value: str) -> str:
    return "" if len(value) >= 50 else "must be 50 characters or longer, at random"


def one_word(value: str) -> str:
    return "" if value.isascii() and value.isprintable() and " " not in value else "must hold no blanks"


def token(value: str) -> str:
    fits = len(value) >= 32 and value.isascii() and not any(c.isspace() for c in value)
    return "" if fits else "must be 32 letters and digits or more, at random"


def log_level(value: str) -> str:
    return "" if value in LEVELS else f"must be one of {', '.join(sorted(LEVELS))}"


def host_names(value: str) -> str:
    return _each(
        value, lambda host: "/" not in host and host != "*", "host names only, such as care.example.com"
    )


def origins(value: str) -> str:
    with_scheme = ("https://", "http://")
    return _each(value, lambda origin: origin.startswith(with_scheme), "each must begin with https://")


def site(value: str) -> str:
    parts = _split(value)
    fits = parts is not None and parts.scheme in {"http", "https"} and parts.hostname
    return "" if fits and parts and not parts.query else "must begin with https://"


def mail_address(value: str) -> str:
    _, address = parseaddr(value)
    fits = address.count("@") == 1 and all(address.split("@")) and value.isprintable()
    return "" if fits else "must be an address, such as care@example.com or Care <care@example.com>"


def host_name(value: str) -> str:
    return host_names(value) or ("" if "," not in value and "@" not in value else "must be one host name")


def webhook_key(value: str) -> str:
    try:
        fits = isinstance(EventWebhook(value).public_key, EllipticCurvePublicKey)
    except (ValueError, UnsupportedAlgorithm):
        fits = False
    return "" if fits else "must be the verification key that the provider shows, in one line"


def secret_in_an_address(value: str) -> str:
    fits = len(value) >= 20 and value.isascii() and value.replace("-", "").replace("_", "").isalnum()
    return "" if fits else "must be 20 characters or longer, only letters, digits, - and _"


def _each(value: str, fits: Callable[[str], bool], problem: str) -> str:
    return "" if all(fits(part.strip()) for part in value.split(",")) else problem


def database(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in {"sqlite", "postgres", "postgresql"}:
        return "must begin with sqlite:/// or postgres://"
    if parts.scheme == "sqlite":
        return folder(str(Path(parts.path[1:]).parent))
    name = parts.path.strip("/") or "carecrm"
    return _asked(
        lambda: psycopg.connect(
            parts._replace(scheme="postgresql", path=f"/{name}").geturl(), connect_timeout=ANSWER_SECONDS
        ).close(),
        psycopg.Error,
    )


def broker(value: str) -> str:
    schemes = {"djangodb", "redis", "rediss", "amqp", "amqps"}
    return _server(value, schemes, "must begin with redis://, amqp:// or be djangodb://")


def cache(value: str) -> str:
    return _server(value, {"redis", "rediss", "rediscache", "locmemcache"}, "must begin with redis://")


def _server(value: str, schemes: Iterable[str], problem: str) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in schemes:
        return problem
    if not parts.scheme.startswith("redis"):
        return ""
    url = parts._replace(scheme=parts.scheme.replace("cache", "")).geturl()
    return _asked(
        lambda: redis.Redis.from_url(url, socket_connect_timeout=ANSWER_SECONDS).ping(), redis.RedisError
    )


def _asked(ask: Callable[[], object], error: type[Exception]) -> str:
    try:
        ask()
    except (error, OSError, ValueError) as reason:
        return f"does not answer: {str(reason).splitlines()[0]}"
    return ""


VARIABLES = (
    Variable("CARECRM_DATA", "var", "folder of the database, rejects files and the secret key", folder),
    Variable("CARECRM_LANGUAGE", "", "folder of your own words and rules of language", language_folder),
    Variable("CARECRM_SECRET_KEY", "made at first start", "signs sessions", long_enough, secret=True),
    Variable(
        "CARECRM_HOSTS", "localhost,127.0.0.1,[::1]", "names that the pages are served under", host_names
    ),
    Variable("CARECRM_TRUSTED_ORIGINS", "", "origins of forms behind a proxy, with https://", origins),
    Variable("CARECRM_BEHIND_TLS", "no", "a proxy adds HTTPS and sets X-Forwarded-Proto", yes_or_no),
    Variable(
        "CARECRM_API_TOKEN",
        "none: refused",
        "what the shop's system sends to tell of coupons",
        token,
        secret=True,
    ),
    Variable("CARECRM_DEBUG", "no", "error pages with details; never on a real shop", yes_or_no),
    Variable("CARECRM_LOG_LEVEL", "WARNING", "the least that is logged", log_level),
    Variable("CARECRM_WORKERS", "2", "tasks that one worker runs at once", number(1, 64)),
    Variable(
        "DATABASE_URL", "sqlite in CARECRM_DATA", "sqlite:///path or postgres://user@host/name", database
    ),
    Variable("CELERY_BROKER_URL", "djangodb://", "the queue: the database itself, Redis or RabbitMQ", broker),
    Variable("CACHE_URL", "the broker if it is Redis, else memory", "shared by all web processes", cache),
    Variable("SENDGRID_API_KEY", "none: nothing is sent", "lets mail leave", one_word, secret=True),
    Variable("SENDGRID_HOST", "https://api.sendgrid.com", "where mail is handed over", site),
    Variable("CARECRM_MAIL_FROM", "", "sender of mail: Care <care@example.com>", mail_address),
    Variable("CARECRM_MAIL_REPLY_TO", "the sender", "where answers to mail go", mail_address),
    Variable("CARECRM_MAIL_TIMEOUT", "10", "seconds that the mail provider is waited for", number(1, 30)),
    Variable("CARECRM_URL", "http://localhost:PORT", "public address of this site, for links", site),
    Variable("SENDGRID_WEBHOOK_KEY", "", "proves what the provider says of our mails", webhook_key),
    Variable(
        "SENDGRID_REPLY_SECRET",
        "",
        "part of the address that takes customers' mails",
        secret_in_an_address,
        secret=True,
    ),
    Variable("SENDGRID_REPLY_DOMAIN", "", "host that customers' replies go to, by its MX record", host_name),
    Variable("PORT", "8000", "where `make run` serves, on 127.0.0.1", number(1, 65535)),
    Variable(
        "WEB_CONCURRENCY", "2 with a shared cache, else 1", "web processes of `make run`", number(1, 64)
    ),
)

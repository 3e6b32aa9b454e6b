import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from carecrm.variables import VARIABLES, findings
from tests.outreach.conftest import RSA_KEY

ROOT = Path(__file__).parents[2]
WEBHOOK_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYkNbGD1eQLtxaX91YU64579hkJHJC97Cek1WJY1Gx/Z95BzjcOs67+"
    "cd0n4qP8TiqrZCoAI9T2fRqDi6GeqNxQ=="
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in os.environ:
        if name.startswith("CARECRM_") or name in {variable.name for variable in VARIABLES}:
            monkeypatch.delenv(name)
    return monkeypatch


def problems(**environment: str) -> dict[str, str]:
    return {finding.name: finding.problem for finding in findings(environment) if finding.problem}


def test_a_bare_environment_is_fine_and_every_variable_is_listed():
    said = StringIO()

    call_command("check_config", stdout=said)

    assert all(variable.name in said.getvalue() for variable in VARIABLES)
    assert "Nothing is wrong." in said.getvalue()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARECRM_DATA", "/proc/version/below"),
        ("CARECRM_SECRET_KEY", "short"),
        ("CARECRM_HOSTS", "https://care.example.com"),
        ("CARECRM_HOSTS", "*"),
        ("CARECRM_TRUSTED_ORIGINS", "care.example.com"),
        ("CARECRM_BEHIND_TLS", "perhaps"),
        ("CARECRM_DEBUG", "2"),
        ("CARECRM_LOG_LEVEL", "loud"),
        ("CARECRM_WORKERS", "many"),
        ("CARECRM_WORKERS", "0"),
        ("DATABASE_URL", "mysql://root@127.0.0.1/shop"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/shop"),
        ("CELERY_BROKER_URL", "rabbit://127.0.0.1"),
        ("CELERY_BROKER_URL", "redis://127.0.0.1:1/0"),
        ("CACHE_URL", "memcached"),
        ("SENDGRID_API_KEY", "two words"),
        ("SENDGRID_HOST", "api.sendgrid.com"),
        ("CARECRM_MAIL_FROM", "Care"),
        ("CARECRM_MAIL_REPLY_TO", "care@"),
        ("CARECRM_MAIL_TIMEOUT", "0"),
        ("CARECRM_URL", "care.example.com"),
        ("SENDGRID_WEBHOOK_KEY", "no key"),
        ("SENDGRID_WEBHOOK_KEY", RSA_KEY),
        ("SENDGRID_REPLY_SECRET", "short"),
        ("SENDGRID_REPLY_SECRET", "with/a/slash/and/long/enough"),
        ("SENDGRID_REPLY_DOMAIN", "reply@example.com"),
        ("PORT", "70000"),
        ("WEB_CONCURRENCY", "-1"),
        ("CARECRM_HOST", "care.example.com"),
    ],
)
def test_each_wrong_value_is_named_and_fails(environment: pytest.MonkeyPatch, name: str, value: str):
    environment.setenv(name, value)
    assert list(problems(**{name: value})) == [name]

    with pytest.raises(CommandError, match="1 of "):
        call_command("check_config", stdout=StringIO())


def test_right_values_are_found_right(tmp_path: Path):
    right = {
        "CARECRM_DATA": str(tmp_path / "not" / "there" / "yet"),
        "CARECRM_SECRET_KEY": "s" * 50,
        "CARECRM_HOSTS": "care.example.com, 10.0.0.7",
        "CARECRM_TRUSTED_ORIGINS": "https://care.example.com",
        "CARECRM_BEHIND_TLS": "yes",
        "DATABASE_URL": f"sqlite:///{tmp_path}/shop.sqlite3",
        "CELERY_BROKER_URL": "amqp://guest:guest@rabbit:5672//",
        "CARECRM_URL": "https://care.example.com",
        "SENDGRID_WEBHOOK_KEY": WEBHOOK_KEY,
        "SENDGRID_REPLY_SECRET": "abcdefghijklmnop-_1234",
        "SENDGRID_REPLY_DOMAIN": "replies.example.com",
        "PORT": "8001",
    }

    assert problems(**right) == {}


@pytest.mark.parametrize("site", ["", "http://care.example.com"])
def test_a_site_that_sends_mail_is_reached_safely(site: str):
    assert problems(CARECRM_URL=site) == {}
    assert "https://" in problems(CARECRM_URL=site, SENDGRID_API_KEY="SG.x")["CARECRM_URL"]
    assert problems(CARECRM_URL="https://care.example.com", SENDGRID_API_KEY="SG.x") == {}


def test_no_secret_is_shown(environment: pytest.MonkeyPatch):
    environment.setenv("CARECRM_SECRET_KEY", "tell-nobody" * 10)
    environment.setenv("DATABASE_URL", "postgres://shop:hunter2@127.0.0.1:1/shop")
    environment.setenv("CELERY_BROKER_URL", "redis://:hunter2@127.0.0.1:1/0")
    environment.setenv("CARECRM_SECRET", "hunter2")
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("check_config", stdout=said)

    assert "hunter2" not in said.getvalue()
    assert "tell-nobody" not in said.getvalue()
    assert "postgres://shop:********@127.0.0.1:1/shop" in said.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "says"),
    [("check", "manage.py check_config says what is wrong"), ("check_config", "must be a whole number")],
)
def test_settings_that_cannot_be_read_are_explained(tmp_path: Path, command: str, says: str):
    environment = {"CARECRM_DATA": str(tmp_path), "CARECRM_WORKERS": "many", "PATH": os.environ["PATH"]}
    run = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert says in run.stdout + run.stderr
    assert "Traceback" not in run.stderr

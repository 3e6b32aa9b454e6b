"""`manage.py up`: the whole product on this machine, in one terminal. What `make run` starts."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from apps.core.schedules import keep_schedules
from carecrm.static_build import collect_static_if_needed
from carecrm.supervisor import Child, ChildDied, Supervisor

HOST = "127.0.0.1"
START_SECONDS = 90
QUIET_FOR_ROOT = ("-W", "ignore::UserWarning:celery.platforms")


class Command(BaseCommand):
    help = (
        "Starts web, worker and scheduler together, with the demo shop if there is nothing yet. Ctrl-C stops."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = os.environ.get("PORT") or "8000"
        parser.add_argument("--port", default=port, help="default: PORT or 8000")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, port: str, no_demo: bool, **options: Any) -> None:
        number = free_port(port)
        name_address(number)
        self.prepare(demo=not no_demo)
        connections.close_all()
        supervisor = Supervisor(children(number), self.say)
        try:
            with supervisor.running():
                if supervisor.watch(until=answering(number)):
                    self.greet(number)
                    supervisor.watch()
                self.say("Stopping ...")
        except ChildDied as death:
            raise CommandError(f"{death} Its messages are above.") from death
        self.say("Stopped.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def prepare(self, *, demo: bool) -> None:
        self.say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        keep_schedules()
        if collect_static_if_needed():
            self.say("Static files collected.")
        if demo and is_empty() and "demo" in get_commands():
            self.say("Loading the demo shop ...")
            call_command("demo", verbosity=0)  # its sign-ins are told once the pages answer

    def greet(self, port: int) -> None:
        self.say(f"\ncarecrm runs at http://{HOST}:{port}/  (Ctrl-C stops it)\n")
        sign_ins = Path(settings.DATA_FOLDER) / "sign_ins.txt"
        if sign_ins.exists():
            self.say(sign_ins.read_text().rstrip() + "\n")


def name_address(port: int) -> None:
    """Where nobody named the public address, links in mails lead to where this installation serves."""
    if not os.environ.get("CARECRM_URL"):
        os.environ["CARECRM_URL"] = f"http://localhost:{port}"  # for the processes that are started
        settings.CARECRM_URL = os.environ["CARECRM_URL"]


def free_port(text: str) -> int:
    """The port as a number, if nobody listens there."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except PermissionError as error:
            raise CommandError(f"Port {text} needs more rights: choose another, e.g. PORT=8001.") from error
        except OSError as error:
            raise CommandError(
                f"Port {text} is taken, perhaps by a carecrm that runs already. "
                f"Choose another: PORT={int(text) % 65535 + 1} make run"
            ) from error
    return int(text)


def is_empty() -> bool:
    """Neither customers nor people: nobody has begun with this installation."""
    customers = apps.get_model("customers", "Customer")
    return not customers._default_manager.exists() and not get_user_model()._default_manager.exists()


def children(port: int) -> list[Child]:
    """The order is that of starting; each of them stops on TERM."""
    celery = (sys.executable, *QUIET_FOR_ROOT, "-m", "celery", "--quiet", "-A", "carecrm")
    level = ("--loglevel", "WARNING")
    return [
        Child("web server", web_command(port)),
        # processes, not threads: only they keep the tasks' time limits, and survive a task that crashes
        Child("worker", (*celery, "worker", *level, "--without-gossip", "--without-mingle")),
        Child("scheduler", (*celery, "beat", *level, "--pidfile=")),
    ]


def web_command(port: int) -> tuple[str, ...]:
    """One process with threads, unless a shared cache carries the sign-in limits across several."""
    processes = os.environ.get("WEB_CONCURRENCY", "2") if settings.SHARED_CACHE_URL else "1"
    return (
        *(sys.executable, "-m", "gunicorn", "carecrm.wsgi:application"),
        *("--bind", f"{HOST}:{port}", "--workers", processes, "--worker-class", "gthread", "--threads", "8"),
        *("--graceful-timeout", "10", "--no-control-socket", "--log-level", "warning"),
    )


def answering(port: int) -> Callable[[], bool]:
    """A condition: the web server answers, whatever it says. Raises if that takes too long."""
    end = time.monotonic() + START_SECONDS

    def answers() -> bool:
        if time.monotonic() > end:
            raise CommandError(f"The web server did not answer within {START_SECONDS} seconds.")
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    return answers

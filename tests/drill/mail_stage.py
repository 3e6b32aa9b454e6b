"""A stage for mail drills: real workers and beat, a local provider, and a hand that kills."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.core.broker.stage import ROOT, connect

QUIET = ["-W", "ignore::UserWarning:celery.platforms"]
ELSEWHERE = {"DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL"}


class MailStage:
    def __init__(self, folder: Path, database_url: str, broker_url: str, *, plan: str, delay: float) -> None:
        self.folder, self.database_url = folder, database_url
        self.notes = folder / "accepted.txt"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = 0  # of workers, each with two processes
        self.killed_at = datetime.now(UTC)
        command = [sys.executable, "-m", "tests.outreach.provider", str(self.notes), plan, str(delay)]
        self.provider = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.provider.stdout
        kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        self.environment = {
            **kept,
            "CARECRM_DATA": str(folder),
            "DATABASE_URL": database_url,
            **({"CELERY_BROKER_URL": broker_url} if broker_url else {}),
            "DJANGO_SETTINGS_MODULE": "carecrm.settings",
            "SENDGRID_API_KEY": "SG.drill",
            "SENDGRID_HOST": self.provider.stdout.readline().strip(),
            "CARECRM_MAIL_FROM": "Care <care@example.com>",
            "CARECRM_LOG_LEVEL": "ERROR",
        }

    def step(self, *arguments: str) -> str:
        return self._python("-m", "tests.drill.mail_steps", *arguments)

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def start(self, name: str) -> None:
        """`beat`, or a worker with two processes."""
        celery = [sys.executable, *QUIET, "-m", "celery", "--quiet", "-A", "carecrm"]
        what = (
            ["beat", "--pidfile=", "--max-interval", "1"]
            if name == "beat"
            else ["worker", "-n", f"{name}-{self.kills}", "--without-gossip", "--without-mingle"]
        )
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*celery, *what, "--loglevel", "ERROR"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def keep_running(self, *names: str) -> None:
        """As a supervisor does: what ended by itself, or was killed, is started again."""
        for name in names:
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                self.start(name)

    def kill(self, name: str) -> None:
        """`kill -9` of the process and its children at once, as a power cut would."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def kill_a_worker(self) -> None:
        """The one that has run longest, if mails are at the provider at this moment."""
        if self.busy():
            self.kill(next(name for name in self.running if name != "beat"))
            self.kills += 1
            self.killed_at = datetime.now(UTC)

    def busy(self) -> int:
        """How many mails the living have at the provider, or nearly."""
        since = f"{self.killed_at:%Y-%m-%d %H:%M:%S.%f+00}"
        return self._count(f"status = 'sending' AND began_at > '{since}'")

    def open(self) -> int:
        """How many mails are not at their end."""
        return self._count("status IN ('queued', 'sending')")

    def _count(self, condition: str) -> int:
        return int(self._sql(f"SELECT count(*) FROM outreach_message WHERE {condition}").fetchone()[0])

    def _sql(self, statement: str) -> Any:
        with connect(self.database_url) as database:
            return database.execute(statement)

    def power_cut(self) -> None:
        """All workers at once, for so long that the leases run out; the tick then sweeps them."""
        for name in [name for name in self.running if name != "beat"]:
            self.kill(name)
            self.kills += 1
        self._sql("UPDATE outreach_message SET claimed_until = created_at WHERE status = 'sending'")

    def hurry(self) -> None:
        """As if the time had come for what waits for another try."""
        self._sql("UPDATE outreach_message SET send_at = created_at WHERE status = 'queued'")

    def report(self) -> dict[str, Any]:
        return dict(json.loads(self.step("report")))

    def noted(self, word: str) -> Counter[str]:
        lines = [line.split() for line in self.notes.read_text().splitlines()] if self.notes.exists() else []
        return Counter(name for noted, name in lines if noted == word)

    def close(self) -> None:
        for name in list(self.running):
            self.kill(name)
        self.provider.kill()
        self.provider.wait()
        if self.provider.stdout:
            self.provider.stdout.close()


def wait_while_sending(stage: MailStage, seconds: float, *names: str) -> None:
    """Until some mails are at the provider, or nothing is left, or time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and stage.open() and not stage.busy():
        stage.keep_running(*names)
        time.sleep(0.02)

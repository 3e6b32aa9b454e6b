"""Servers of a drill's own, on free ports of this machine, so that killing them harms nobody else."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import redis

from tests.core.broker.stage import until

AS_POSTGRES = ["runuser", "-u", "postgres", "--"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A cluster made by initdb; as root it runs as the user postgres, as it must."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="drill-"))  # a test's own folder is closed to other users
        self.folder, self.port = self.home / "cluster", free_port()
        self.server = f"postgres://postgres@127.0.0.1:{self.port}"
        self.url = f"{self.server}/drill"

    @staticmethod
    def is_installed() -> bool:
        return bool(shutil.which("initdb") and shutil.which("pg_ctl"))

    def start(self) -> None:
        self.folder.mkdir()
        if os.geteuid() == 0:
            self.home.chmod(0o711)
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--no-sync", "--auth", "trust", "--username", "postgres", "-D", str(self.folder))
        self._control("start")
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as database:
            database.execute("CREATE DATABASE drill")

    def restart(self) -> None:
        """As a crash: every connection is cut, what was committed is recovered."""
        self._control("restart", "-m", "immediate")

    def stop(self) -> None:
        if (self.folder / "postmaster.pid").exists():
            self._control("stop", "-m", "immediate")
        shutil.rmtree(self.home)

    def _control(self, *what: str) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        command = ["-D", str(self.folder), "-o", options, "-l", str(self.folder / "log"), "-w", "-t", "120"]
        self._run("pg_ctl", *what, *command)

    def _run(self, program: str, *arguments: str) -> None:
        command = [shutil.which(program) or program, *arguments]
        before = AS_POSTGRES if os.geteuid() == 0 else []
        subprocess.run(
            [*before, *command], check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )


class Redis:
    """Keeps nothing on disk: after a restart every nudge that waited is gone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def is_installed() -> bool:
        return bool(shutil.which("redis-server"))

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(
            [*command, "--appendonly", "no"], cwd=self.folder, stdout=subprocess.DEVNULL
        )
        until(self._answers, seconds=30)

    def restart(self) -> None:
        self.stop()
        time.sleep(0.5)
        self.start()

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

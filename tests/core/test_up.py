"""`manage.py up` for real: web, worker and scheduler start together and leave no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from carecrm.management.commands.up import free_port, name_address
from carecrm.supervisor import Child, ChildDied, Supervisor

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def up(tmp_path: Path, port: int) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    kept = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "CELERY_BROKER_URL"}
    }
    environment = {**kept, "CARECRM_DATA": str(tmp_path), "PORT": str(port)}

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "up", "--no-demo"]
        with (tmp_path / "up.log").open("wb") as log:
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(10)
    for pid in processes_of(tmp_path):
        os.kill(pid, signal.SIGKILL)


@linux
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_up_serves_works_and_ticks_and_ctrl_c_leaves_no_process(up, tmp_path: Path, port: int):
    process = up()
    wait_until(lambda: status(port, "/readyz") == 200, seconds=150)
    assert len(processes_of(tmp_path)) >= 4
    log = (tmp_path / "up.log").read_text()
    assert f"carecrm runs at http://127.0.0.1:{port}/" in log

    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 0
    assert processes_of(tmp_path) == []
    assert not socket_answers(port)
    assert (tmp_path / "carecrm.sqlite3").exists()
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert "Traceback" not in (tmp_path / "up.log").read_text()


@pytest.mark.parametrize(
    ("named", "address"),
    [("", "http://localhost:8190"), ("https://care.example.com", "https://care.example.com")],
)
def test_links_lead_to_the_port_unless_an_address_is_named(
    monkeypatch: pytest.MonkeyPatch, settings, named: str, address: str
):
    monkeypatch.setenv("CARECRM_URL", named)
    settings.CARECRM_URL = named or "http://localhost:8000"
    name_address(8190)
    assert (os.environ["CARECRM_URL"], settings.CARECRM_URL) == (address, address)


def test_a_port_that_is_taken_is_said_plainly():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {number} is taken"):
            free_port(str(number))


@pytest.mark.parametrize("text", ["", "web", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(text: str):
    with pytest.raises(CommandError, match="PORT must be a number"):
        free_port(text)


STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print('up', flush=True);"
    "time.sleep(60)"
)


@linux
def test_what_ignores_a_request_to_stop_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("carecrm.supervisor.GRACE_SECONDS", 0.3)
    child = Child("stubborn", [sys.executable, "-c", STUBBORN])

    with Supervisor([child], print).running():
        group = child.process.pid
        wait_until(lambda: len(group_members(group)) == 2)

    wait_until(lambda: group_members(group) == [])


def test_a_child_that_dies_is_started_again_and_then_the_failure_is_named(capsys):
    supervisor = Supervisor([Child("worker", [sys.executable, "-c", "raise SystemExit(7)"])], print)

    with pytest.raises(ChildDied, match="The worker ended 3 times with code 7"), supervisor.running():
        supervisor.watch()

    assert capsys.readouterr().out.count("The worker ended with code 7; starting it again.") == 2


def test_a_signal_ends_the_watch():
    supervisor = Supervisor([Child("idle", [sys.executable, "-c", "import time; time.sleep(60)"])], print)

    with supervisor.running():
        os.kill(os.getpid(), signal.SIGTERM)
        assert supervisor.watch() is False

    assert supervisor.children[0].exit_code == -signal.SIGTERM


def processes_of(folder: Path) -> list[int]:
    """Whoever runs with CARECRM_DATA at `folder`."""
    mark = f"CARECRM_DATA={folder}\0".encode()
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if mark in read(path)]


def group_members(group: int) -> list[int]:
    """Processes of a group that are alive, zombies left out."""
    stats = (read(path).decode().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat"))
    return [
        group
        for state, _, pgrp, *_ in (stat for stat in stats if stat)
        if pgrp == str(group) and state != "Z"
    ]


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def status(port: int, page: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def socket_answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool], *, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)

"""Runs a few child processes together: watched, restarted if one dies, and stopped leaving nothing."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

DEATHS_ALLOWED = 3
WITHIN_SECONDS = 60.0
GRACE_SECONDS = 15.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


class ChildDied(Exception):
    """A child died too often to be restarted once more. The message says which, and how."""


@dataclass
class Child:
    """One process in a group of its own, so that it can be stopped with all that it started."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_stop_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )

    @property
    def exit_code(self) -> int | None:
        """None while it runs or was never started."""
        return self.process.poll() if self.process else None

    def signal(self, number: int) -> None:
        """To the process alone for a request, to the whole group where it must end."""
        if self.process is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.exit_code is None:
                self.process.send_signal(number)
        except ProcessLookupError:
            pass

    def note_death(self) -> bool:
        """True if it may be started again."""
        self.deaths.append(time.monotonic())
        often = len(self.deaths) == DEATHS_ALLOWED
        return not (often and self.deaths[-1] - self.deaths[0] < WITHIN_SECONDS)


class Supervisor:
    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.asked_to_stop = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Children run inside, and none of them after it, however it is left."""
        before = {number: signal.signal(number, self._note_signal) for number in STOP_SIGNALS}
        try:
            for child in self.children:
                child.start()
            yield
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Restart what dies until asked to stop or `until` holds; returns whether it held."""
        while not self.asked_to_stop:
            for child in self.children:
                if child.exit_code is not None:
                    self._restart(child)
            if until():
                return True
            time.sleep(0.2)
        return False

    def _restart(self, child: Child) -> None:
        if not child.note_death():
            raise ChildDied(f"The {child.name} ended {DEATHS_ALLOWED} times with code {child.exit_code}.")
        self.say(f"The {child.name} ended with code {child.exit_code}; starting it again.")
        child.signal(signal.SIGKILL)  # whatever it left behind
        child.start()

    def _stop(self) -> None:
        """Ask all to end, wait a bounded time (a second Ctrl-C ends the waiting), then kill what is left."""
        asked_before = self.asked_to_stop
        for child in self.children:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        while any(child.process and child.exit_code is None for child in self.children):
            if time.monotonic() > end or self.asked_to_stop > asked_before:
                break
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process:
                child.process.wait()

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1


def _stop_with_parent() -> None:
    """On Linux the kernel ends the child should its supervisor be killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

"""A local server in place of SendGrid, which counts what it accepts by our message id.

In a test: `with Provider() as provider:`, then `provider.answers("503", "ok")` for the next requests; the
last repeats. By itself: `python -m tests.outreach.provider NOTES [PLAN [DELAY]]` prints its URL and notes a
line for each request: `accepted 17`, `fault 17`, `cut 17` (accepted, then cut), `doubt 17` (not accepted, and
not said). PLAN: answers with weights, such as `ok=8,slow=2,500=1`; DELAY: seconds before each.

Answers: ok, slow, a status (with `429:Header=value;Header=value`), body-cut-STATUS (its body never ends),
early-ANSWER (a 103 before it), cut (before anything is accepted), accept-then-cut, silence,
accept-then-silence, reset.
"""

import json
import os
import random
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self

SLOW_SECONDS = 0.4


class Provider:
    def __init__(self, choose: Callable[[], str] | None = None, *, notes: Path | None = None) -> None:
        self.plan: list[str] = ["ok"]
        self.choose = choose or self._next
        self.mails: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.accepted: Counter[str] = Counter()
        self.delay = 0.0
        self.while_asked: Callable[[], object] = lambda: None
        self.is_over = Event()
        self.lock = Lock()
        self.keeps_mails = notes is None
        self.notes = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT) if notes else None
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.provider = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answers(self, *plan: str) -> None:
        self.plan = list(plan)

    def _next(self) -> str:
        return self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]

    def note(self, word: str, mail: dict[str, Any]) -> int:
        """Before anything is answered, as a provider would commit. How many it has accepted by then."""
        name = str(mail.get("custom_args", {}).get("message", "?"))
        with self.lock:
            if word in {"accepted", "cut"}:
                self.accepted[name] += 1
                if self.keeps_mails:
                    self.mails.append(mail)
            number = self.accepted.total()
        if self.notes is not None:
            os.write(self.notes, f"{word} {name}\n".encode())
        return number


class _Server(ThreadingHTTPServer):
    provider: Provider
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that are killed, or that gave up, are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_POST(self) -> None:
        provider = self.server.provider
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mail = json.loads(body)
        if provider.keeps_mails:
            provider.requests.append(mail)
            provider.headers.append(dict(self.headers))
        provider.while_asked()
        if provider.delay:
            time.sleep(provider.delay)
        self.answer(provider.choose(), mail)

    def answer(self, how: str, mail: dict[str, Any]) -> None:
        provider = self.server.provider
        if how in {"ok", "slow"}:
            if how == "slow":
                time.sleep(SLOW_SECONDS)
            self.status(202, {"X-Message-Id": f"sg-{provider.note('accepted', mail)}"})
        elif how in {"accept-then-cut", "accept-then-silence"}:
            provider.note("cut", mail)
            self.leave(how)
        elif how in {"cut", "silence", "reset"}:
            provider.note("doubt", mail)
            self.leave(how)
        elif how.startswith("early-"):
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: <x>; rel=preload\r\n\r\n")
            self.answer(how.removeprefix("early-"), mail)
        elif how.startswith("body-cut-"):
            status = int(how.removeprefix("body-cut-"))
            provider.note("accepted" if status < 300 else "fault", mail)
            self.status(status, {"Content-Length": "1000", "X-Message-Id": "sg-cut"})
        else:
            status, _, headers = how.partition(":")
            provider.note("accepted" if status.startswith("2") else "fault", mail)
            self.status(int(status), dict(each.split("=", 1) for each in headers.split(";") if each))

    def status(self, number: int, headers: dict[str, str]) -> None:
        self.send_response(number)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def leave(self, how: str) -> None:
        if how.endswith("silence"):
            self.server.provider.is_over.wait(20)
        if how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RDWR) if how != "reset" else self.connection.close()

    def log_message(self, *_: object) -> None:
        pass


def weighted(plan: str) -> Callable[[], str]:
    parts = [part.rsplit("=", 1) for part in plan.split(",")]
    answers, weights = [name for name, _ in parts], [float(weight) for _, weight in parts]
    chance = random.Random(20261126)
    return lambda: chance.choices(answers, weights)[0]


def main() -> None:
    plan = sys.argv[2] if len(sys.argv) > 2 else "ok=1"
    provider = Provider(weighted(plan), notes=Path(sys.argv[1]))
    provider.delay = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    sys.stdout.write(provider.url + "\n")
    sys.stdout.flush()
    provider.server.serve_forever()


if __name__ == "__main__":
    main()

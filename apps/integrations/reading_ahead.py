"""Do the reading of rows in a thread beside the writing of them."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
ITEMS_AHEAD = 2
LOOK_UP_SECONDS = 0.5
USUAL_TURN = sys.getswitchinterval()
SHORT_TURN = 0.000_1


def read_ahead(items: Iterable[T]) -> Iterator[T]:
    """`items`, at most two of them made ahead by a thread. An exception of theirs is raised here.

    The database stays with the calling thread and its transactions; the thread only reads and checks.
    """
    made: Queue[tuple[list[T], BaseException | None]] = Queue(maxsize=ITEMS_AHEAD)
    left = Event()

    def put(item: list[T], fault: BaseException | None) -> bool:
        while not left.is_set():
            try:
                made.put((item, fault), timeout=LOOK_UP_SECONDS)
                return True
            except Full:
                continue
        return False

    def make() -> None:
        try:
            for item in items:
                if not put([item], None):
                    return
            put([], None)
        except BaseException as fault:  # it belongs to whoever waits for the items
            put([], fault)

    thread = Thread(target=make, name="read-ahead", daemon=True)
    thread.start()
    try:
        with short_turns():
            while True:
                item, fault = made.get()
                if fault:
                    raise fault
                if not item:
                    return
                yield item[0]
    finally:
        left.set()
        thread.join()


@contextmanager
def short_turns() -> Iterator[None]:
    """A thread that hears from the database gets the interpreter back at once, not after five milliseconds.

    A batch hears from it some forty times: in turns of the usual length, waiting took a third of an import.
    """
    sys.setswitchinterval(SHORT_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(USUAL_TURN)

"""Cards of phrases for a hard talk: what to say in which step, and when. They are data, in `cards/*.toml`."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .loading import OURS


@dataclass(frozen=True)
class Phrase:
    """say: the words. when: in which moment, "" where the step says it."""

    say: str
    when: str = ""


@dataclass(frozen=True)
class Step:
    name: str
    why: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True)
class Card:
    """play: where its words are said, as in Context.play; "" for what is said to oneself."""

    name: str
    title: str
    about: str
    source: str
    play: str
    steps: tuple[Step, ...]


@lru_cache(maxsize=1)
def phrase_cards() -> tuple[Card, ...]:
    """Every card, in the order in which they are read."""
    paths = (OURS / "cards").glob("*.toml")
    contents = sorted((_content(path) for path in paths), key=lambda content: int(content["order"]))
    return tuple(_card(content) for content in contents)


def _content(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _card(content: dict[str, Any]) -> Card:
    steps = (
        Step(step["name"], step["why"], tuple(Phrase(**phrase) for phrase in step["phrases"]))
        for step in content["step"]
    )
    return Card(
        content["name"],
        content["title"],
        content["about"],
        content["source"],
        content.get("play", ""),
        tuple(steps),
    )

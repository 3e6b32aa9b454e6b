"""The entries of a file of rules, each checked: a mistake is told with its file, its place and the remedy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .rules import RuleError


def known_keys(path: Path, where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    for key in entry:
        if key not in known:
            place = f"{path.name}, {where}" if where else path.name
            raise RuleError(f"{place}: {key!r} is not known here; known are {', '.join(sorted(known))}")


def text(path: Path, where: str, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"{path.name}, {where or 'the top'}: {key!r} must be a text")
    return value.strip()


def words(path: Path, where: str, value: object) -> list[str]:
    """A list of texts; one text is read as words, or phrases between commas or lines."""
    if isinstance(value, str):
        return [" ".join(part.split()) for part in value.replace("\n", ",").split(",") if part.strip()]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        if not all(any(letter.isalnum() or letter in "$#%£~^_" for letter in item) for item in value):
            raise RuleError(f"{path.name}, {where}: a text holds no word")
        return list(value)
    raise RuleError(f"{path.name}, {where}: a list of texts is needed")


def whole_number(path: Path, where: str, entry: Mapping[str, Any], key: str, default: int) -> int:
    value = entry.get(key, default)
    if not isinstance(value, int):
        raise RuleError(f"{path.name}, {where}: {key!r} must be a whole number")
    return value


def one_of(path: Path, where: str, entry: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    value = entry.get(key)
    if value not in known:
        raise RuleError(f"{path.name}, {where}: {key!r} must be one of {', '.join(known)}")
    return str(value)

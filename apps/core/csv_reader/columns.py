"""Which column of a file holds which field: by its name, an alias of it, or what `--map` says."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import UnusableFile

Convert = Callable[[str], str | None]


@dataclass(frozen=True)
class Field:
    """One field of a row: `convert` turns a cell's text into the value to store, or raises Unreadable."""

    name: str
    convert: Convert
    aliases: tuple[str, ...] = ()
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


def plain(header: str) -> str:
    """`Shipping: Placed At ` and `shipping_placed_at` are the same name."""
    return re.sub(r"[^0-9a-z]+", "_", header.strip().lower()).strip("_")


def parse_maps(pairs: Iterable[str]) -> dict[str, str]:
    """`["total=Amount paid"]` as `{"total": "Amount paid"}`."""
    maps = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not (equals and field.strip() and column.strip()):
            raise UnusableFile(f'--map takes FIELD=COLUMN, not "{pair}".')
        maps[plain(field)] = column.strip()
    return maps


def check_maps(maps: Mapping[str, str], files: Iterable[tuple[Sequence[Field], Sequence[str]]]) -> None:
    """Raise UnusableFile for a map that fits no file: an unknown field, or a column that is not there."""
    files = list(files)
    for name, column in maps.items():
        homes = [header for fields, header in files if any(name in field.names for field in fields)]
        if not homes:
            known = sorted({field.name for fields, _ in files for field in fields})
            raise UnusableFile(f'--map: there is no field "{name}". Known are: {", ".join(known)}.')
        if not any(plain(column) in map(plain, header) for header in homes):
            raise UnusableFile(f'--map: no file has a column "{column}".')


def choose(fields: Sequence[Field], header: Sequence[str], maps: Mapping[str, str]) -> dict[str, int]:
    """Field name to the index of its column, for those that the file has."""
    names = [plain(cell) for cell in header]
    chosen: dict[str, int] = {}
    for field in fields:
        mapped = [plain(maps[name]) for name in field.names if name in maps]
        found = next((name for name in (*mapped, *field.names) if name in names), None)
        if found is None:
            continue
        if names.count(found) > 1:
            raise UnusableFile(f'The column "{found}" stands there twice. Rename the one that is not meant.')
        chosen[field.name] = names.index(found)
    return chosen


def missing(fields: Sequence[Field], chosen: Mapping[str, int]) -> list[str]:
    return [field.name for field in fields if field.required and field.name not in chosen]

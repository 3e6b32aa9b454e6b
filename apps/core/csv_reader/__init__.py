"""The streaming CSV reader that every import uses.

    maps = parse_maps(["seconds=Handle time"])
    table = open_csv(path, FIELDS, maps)              # or UnusableFile, and nothing was read
    for line, values, cells in table.rows(reject):    # reject(line, reason, cells) gets what cannot be used
        ...

`values` are those of `table.fields`: the fields that the file has, in the order of FIELDS.
"""

from .columns import Convert, Field, check_maps, parse_maps, plain
from .errors import Unreadable, UnusableFile
from .first_seen import CountedKeys, FirstSeen
from .rejects import RejectsFile
from .table import Reject, Table, open_csv, open_table
from .unused import Unused, unused_words

__all__ = [
    "Convert",
    "CountedKeys",
    "Field",
    "FirstSeen",
    "Reject",
    "RejectsFile",
    "Table",
    "Unreadable",
    "UnusableFile",
    "Unused",
    "check_maps",
    "open_csv",
    "open_table",
    "parse_maps",
    "plain",
    "unused_words",
]

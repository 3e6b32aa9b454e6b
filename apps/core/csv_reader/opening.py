"""Open a CSV or CSV.gz as UTF-8 text, after making sure that it is UTF-8 to its last byte."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from .errors import UnusableFile

BLOCK = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
OTHER_ENCODINGS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
SAVE_AS = 'Save it as "CSV UTF-8" and try again.'


def check_text(path: Path) -> None:
    """Raise UnusableFile unless every byte of the file at `path` is UTF-8 text.

    Reads the whole file once, a block at a time, so that a fault in its last line is found before
    the first row is written.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    for block in _blocks(path):
        if line == 1 and block[:2] in OTHER_ENCODINGS:
            raise UnusableFile(f"{path.name} is {OTHER_ENCODINGS[block[:2]]}, not UTF-8. {SAVE_AS}")
        try:
            decoder.decode(block)
        except UnicodeDecodeError as fault:
            at = line + fault.object[: fault.start].count(b"\n")
            raise UnusableFile(
                f"{path.name} is not UTF-8: line {at} holds byte 0x{fault.object[fault.start]:02x}. {SAVE_AS}"
            ) from None
        if b"\0" in block:
            raise UnusableFile(f"{path.name} is not a text file: it holds zero bytes. {SAVE_AS}")
        line += block.count(b"\n")
    if decoder.getstate()[0]:
        raise UnusableFile(f"{path.name} is not UTF-8: its last character is cut off. {SAVE_AS}")


def open_text(path: Path) -> tuple[io.TextIOWrapper, io.BufferedReader]:
    """The file as text without its BOM, and the raw file whose `tell()` shows the progress."""
    raw = path.open("rb")
    packed = raw.peek(2)[:2] == GZIP_MAGIC
    data = _unpacked(raw) if packed else raw
    return io.TextIOWrapper(cast(IO[bytes], data), encoding="utf-8-sig", newline=""), raw


def _unpacked(raw: io.BufferedReader) -> gzip.GzipFile:
    """The contents of a gzip file; closing them closes `raw` too."""
    data = gzip.GzipFile(fileobj=raw)
    data.myfileobj = raw  # type: ignore[assignment]
    return data


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            data = gzip.GzipFile(fileobj=raw) if packed else raw
            while block := data.read(BLOCK):
                yield block
    except FileNotFoundError:
        raise UnusableFile(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise UnusableFile(f"{path} is a folder; name the file in it.") from None
    except PermissionError:
        raise UnusableFile(f"{path} may not be read by this user.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise UnusableFile(f"{path.name} is a damaged gzip file. Pack it again.") from None

"""The text of a PDF as Typst writes it: glyphs each of a font, and what it says there."""

import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
PLAIN = rb"[^()\\]|\\."
INSIDE = rb"(?:" + PLAIN + rb"|\((?:" + PLAIN + rb")*\))*"  # brackets in pairs stand as they are
SHOWN = re.compile(rb"/f(\d+) [\d.]+ Tf|\((" + INSIDE + rb")\)|(ET)", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
CHAR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", re.IGNORECASE)
RANGE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})> <([0-9A-F]+)>", re.IGNORECASE)


def text_of(pdf: bytes) -> str:
    """Line after line, without what only looks good."""
    streams = list(_streams(pdf))
    fonts = [_says(each) for each in streams if b"begincmap" in each]
    return "\n".join(_read(each, fonts) for each in streams if b"BT" in each and b"Tf" in each)


def _streams(pdf: bytes) -> Iterator[bytes]:
    for found in STREAM.finditer(pdf):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


def _says(cmap: bytes) -> dict[int, str]:
    says: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        says |= {int(glyph, 16): _letters(said) for glyph, said in CHAR.findall(part)}
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, said in RANGE.findall(part):
            begin = _letters(said)
            for number in range(int(last, 16) - int(first, 16) + 1):
                says[int(first, 16) + number] = begin[:-1] + chr(ord(begin[-1]) + number)
    return says


def _letters(said: bytes) -> str:
    return bytes.fromhex(said.decode()).decode("utf-16-be")


def _read(page: bytes, fonts: list[dict[int, str]]) -> str:
    said, font = "", fonts[0]
    for number, glyphs, end in SHOWN.findall(page):
        if number:
            font = fonts[int(number)]
        elif end:
            said += "\n"
        else:
            plain = ESCAPE.sub(_plain, glyphs)
            keys = (int.from_bytes(plain[at : at + 2]) for at in range(0, len(plain), 2))
            said += "".join(font.get(key, "") for key in keys)
    return said


def _plain(escape: re.Match[bytes]) -> bytes:
    inside = escape[1]
    return bytes([int(inside, 8)]) if inside.isdigit() else LETTERS.get(inside, inside)

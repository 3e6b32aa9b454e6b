"""`make language`: how well the language of care is told, printed as it stands in docs/language.md.

With --write the part of docs/language.md between its two marks is written anew.
"""

import sys
from pathlib import Path

from .figures import SUMMARY_HEAD, Figures, by_category, summary
from .labelled import development_messages, drafts_of
from .letters_report import DEVELOPMENT, LETTERS, letters_in, rows_of, table
from .real_replies import FOLDER, real_replies

DOCUMENT = Path(__file__).parents[2] / "docs" / "language.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def report() -> str:
    """What can be measured without real data: development messages and drafts held out."""
    development, held_out = Figures(development_messages()), Figures(drafts_of("held_out"))
    return "\n".join(
        [
            SUMMARY_HEAD,
            summary("development", development),
            summary("held out", held_out),
            "",
            "Development, by category:",
            "",
            by_category(development),
            "",
            "Held out, by category:",
            "",
            by_category(held_out),
            "",
            "Letters of apology, development:",
            "",
            table(rows_of(letters_in(DEVELOPMENT))),
            "",
            "Letters of apology, of our own:",
            "",
            table(rows_of(letters_in(LETTERS))),
            "",
        ]
    )


def write_down() -> None:
    """Into the document, between the marks."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{report()}{END}{after}", encoding="utf-8")


def main() -> None:
    if "--write" in sys.argv:
        write_down()
    sys.stdout.write(report())
    replies = real_replies()
    if not replies:
        sys.stdout.write(f"\nReal replies: not measured, {FOLDER} names no folder that has them.\n")
        return
    figures = Figures(replies)
    sys.stdout.write(f"\nReal replies ({len(replies)}; the score was fitted to these too):\n")
    sys.stdout.write(f"false alarms {figures.false_alarms}, recall {figures.recall}\n")


if __name__ == "__main__":
    main()

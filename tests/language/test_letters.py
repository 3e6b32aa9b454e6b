from pathlib import Path

import pytest

from .letters_report import DEVELOPMENT, LETTERS, letters_in, macro_f1, rows_of, table


@pytest.mark.parametrize("path", [DEVELOPMENT, LETTERS])
def test_components_are_read_as_people_label_them(path: Path) -> None:
    rows = rows_of(letters_in(path))
    assert macro_f1(rows) >= 0.90, table(rows)


def test_the_table_names_every_component_and_the_mean() -> None:
    drawn = table(rows_of(letters_in(DEVELOPMENT)))
    assert "forgiveness_request" in drawn
    assert "Macro F1 of those with 5 or more:" in drawn

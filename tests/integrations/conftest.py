import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.core.csv_reader import parse_maps
from apps.integrations.shop_import import Report, ShopFiles, import_shop
from tests.factories import NOW

Write = Callable[..., Path]
Import = Callable[..., Report]
EURO_SHOP = {"time_zone": "Europe/Berlin", "currency": "EUR", "country": "DE"}


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_FOLDER = tmp_path / "data"
    return Path(settings.DATA_FOLDER)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of the given lines; `packed` makes it a gzip."""

    def make(name: str, *lines: str, encoding: str = "utf-8", packed: bool = False) -> Path:
        path = tmp_path / name
        content = ("\n".join(lines) + "\n").encode(encoding)
        path.write_bytes(gzip.compress(content) if packed else content)
        return path

    return make


@pytest.fixture
def run(db: None) -> Import:
    """Import files by kind: `run(orders=path, maps=["total=Sum"])`."""

    def start(*, source: str = "web", maps: list[str] | None = None, **given: Any) -> Report:
        paths = {kind: given[kind] for kind in ("customers", "orders", "feedback") if kind in given}
        options = EURO_SHOP | {key: given[key] for key in EURO_SHOP if key in given}
        files = ShopFiles(source, paths, parse_maps(maps or []), **options)
        return import_shop(files, now=NOW)

    return start

"""Where the real data lies: CARECRM_REAL_DATA, by default ../shared/data beside the checkout."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
REAL_DATA = Path(os.environ.get("CARECRM_REAL_DATA", CHECKOUT.parent / "shared" / "data"))
OLIST = REAL_DATA / "olist_dev" / "carecrm"
CDNOW = REAL_DATA / "cdnow"


def needs(folder: Path) -> list[pytest.MarkDecorator]:
    """The marks of a module that reads `folder`: skipped only where it is absent."""
    absent = pytest.mark.skipif(not folder.is_dir(), reason=f"CARECRM_REAL_DATA: there is no {folder}")
    return [pytest.mark.real_data, absent]

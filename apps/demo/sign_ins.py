"""The file that tells how to sign in to the demo shop: private to its owner, in the data folder."""

import os
from pathlib import Path

from django.conf import settings

from .staff import SignIn

HEADING = (
    "How to sign in to the demo shop. Made for this installation; `manage.py demo --remove` removes them."
)


def sign_ins_file() -> Path:
    return Path(settings.DATA_FOLDER) / "sign_ins.txt"


def lines_of(sign_ins: list[SignIn]) -> list[str]:
    return [f"{each.user.role:<9} {each.user.email:<42} {each.password}" for each in sign_ins]


def write_sign_ins(sign_ins: list[SignIn]) -> Path:
    """Write the file whole or not at all, with mode 0600 from its first moment."""
    path = sign_ins_file()
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join([HEADING, "", *lines_of(sign_ins), ""]))
    return draft.replace(path)


def remove_sign_ins() -> None:
    sign_ins_file().unlink(missing_ok=True)

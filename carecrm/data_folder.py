"""The folder that holds all an installation owns: database, rejects files, the secret key."""

import os
import secrets
from pathlib import Path


def data_folder(path: str) -> Path:
    """The folder at `path`, made (private to its owner) if absent."""
    folder = Path(path).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The installation's secret, made at the first start with mode 0600.

    Two processes that start together agree: the file is linked into place whole, and only once.
    """
    path = folder / "secret_key"
    if not path.exists():
        draft = folder / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

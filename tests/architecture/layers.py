"""The layers as pyproject.toml states them for import-linter, for what that linter cannot see."""

import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def ranks() -> dict[str, int]:
    """The rank of each app by its label; a lower app has a higher number."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        name.strip().removeprefix("apps."): rank
        for rank, layer in enumerate(layers)
        for name in layer.split("|")
    }


def may_use(user: str, used: str) -> bool:
    """An app may use itself and what stands below it, never beside or above."""
    return user == used or ranks()[used] > ranks()[user]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))

from .base import Occasions, Play, Script, Stale

__all__ = ["Occasions", "Play", "Script", "Stale"]

from .base import Occasions, Play, Script, Stale, said_day

__all__ = ["Occasions", "Play", "Script", "Stale", "said_day"]

from . import money, offers

__all__ = ["money", "offers"]

from .shop import Shop
from .team import Team
from .user import Role, User

__all__ = ["Role", "Shop", "Team", "User"]

from .absence import Absence
from .shop import Shop
from .team import Team
from .user import Role, User

__all__ = ["Absence", "Role", "Shop", "Team", "User"]

from .own import change_own_account, change_own_password
from .people import LastAdmin, add_person, change_person, reset_password
from .shop import change_shop
from .teams import add_team, delete_team, rename_team

__all__ = [
    "LastAdmin",
    "add_person",
    "add_team",
    "change_own_account",
    "change_own_password",
    "change_person",
    "change_shop",
    "delete_team",
    "rename_team",
    "reset_password",
]

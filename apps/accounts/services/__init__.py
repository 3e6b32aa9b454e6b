from .absences import NotAnAbsence, add_absence, choose_deputy, remove_absence
from .own import change_own_account, change_own_password
from .people import LastAdmin, add_person, change_person, reset_password
from .shop import change_shop
from .teams import add_team, delete_team, rename_team

__all__ = [
    "LastAdmin",
    "NotAnAbsence",
    "add_absence",
    "add_person",
    "add_team",
    "change_own_account",
    "change_own_password",
    "change_person",
    "change_shop",
    "choose_deputy",
    "delete_team",
    "remove_absence",
    "rename_team",
    "reset_password",
]

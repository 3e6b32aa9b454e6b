"""Who answers customers."""

from apps.accounts.models import Role, User

ANSWERING_ROLES = {Role.REP, Role.MANAGER, Role.ADMIN}


def may_answer(user: User) -> bool:
    return user.is_active and user.role in ANSWERING_ROLES

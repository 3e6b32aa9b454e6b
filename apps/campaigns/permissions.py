from apps.accounts.models import Role, User

MAY_SET = {Role.MARKETER, Role.MANAGER, Role.ADMIN}


def may_set_campaigns(user: User) -> bool:
    """Who switches campaigns and changes their settings. Everybody may look at them."""
    return user.is_active and user.role in MAY_SET

"""Who may have a mail sent, taken back, sent again. Views and templates ask the same question."""

from apps.accounts.models import Role, User
from apps.accounts.permissions import has_role


def may_handle_mail(user: User) -> bool:
    """Those who speak with customers, and their managers."""
    return has_role(user, Role.REP, Role.MANAGER)

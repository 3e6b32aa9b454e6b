"""Who may have a mail sent, taken back, sent again, and who writes its words."""

from apps.accounts.models import Role, User
from apps.accounts.permissions import has_role


def may_handle_mail(user: User) -> bool:
    """Those who speak with customers, and their managers."""
    return has_role(user, Role.REP, Role.MANAGER)


def may_write_templates(user: User) -> bool:
    """Who writes the words that others send. Everybody may send them."""
    return has_role(user, Role.MANAGER, Role.MARKETER)

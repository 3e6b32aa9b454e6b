"""The pages about the words: what was kept, and how good the rules are."""

from typing import Any

from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.permissions import is_manager


def tabs(user: User, current: str) -> list[dict[str, Any]]:
    """Managers see both; the words themselves are not for those who plan."""
    pages = {"desk:rules": "How good the rules are"}
    if is_manager(user):
        pages["desk:kept_words"] = "What was kept"
    return [{"url": reverse(page), "name": name, "current": page == current} for page, name in pages.items()]

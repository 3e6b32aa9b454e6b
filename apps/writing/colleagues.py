"""The first names of those who work here: the checker tells praise of a colleague by them."""

from django.core.cache import cache

from apps.accounts.models import User

KEY = "writing.colleagues"
SECONDS = 300


def first_names() -> frozenset[str]:
    names: frozenset[str] | None = cache.get_or_set(KEY, _asked, SECONDS)
    return names or frozenset()


def _asked() -> frozenset[str]:
    names = User.objects.filter(is_active=True).values_list("name", flat=True)
    return frozenset(name.split()[0] for name in names if name.strip())

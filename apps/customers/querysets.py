from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import User

    from .models import Customer, Order


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: "User") -> Self:
        """Everybody who works here may look up every customer: anyone may pick up the phone."""
        return self if user.is_active else self.none()


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: "User") -> Self:
        return self if user.is_active else self.none()

    def counted(self) -> Self:
        """Orders that stand: not cancelled, not unavailable."""
        return self.filter(is_void=False)

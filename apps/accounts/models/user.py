from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone

from ..querysets import UserQuerySet
from .shop import Shop
from .team import Team


class Role(models.TextChoices):
    REP = "rep", "Rep"
    MANAGER = "manager", "Manager"
    MARKETER = "marketer", "Marketer"
    ADMIN = "admin", "Admin"


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: "User") -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def working(self) -> UserQuerySet:
        return self.get_queryset().working()

    def present_on(self, day: date) -> UserQuerySet:
        return self.get_queryset().present_on(day)

    def admins(self) -> UserQuerySet:
        return self.get_queryset().admins()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, role=Role.ADMIN, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works here: signs in by e-mail, has one role and at most one team."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.REP)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    hours = models.JSONField(null=True, blank=True, help_text="Own working week; none is the shop's")
    time_zone = models.CharField(max_length=60, blank=True, help_text="None is the shop's")
    single_keys = models.BooleanField(default=True, help_text="Single-key shortcuts")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    deputy = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Decides for them",
    )
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def zone(self, shop: Shop) -> ZoneInfo:
        """Where this person works: their own zone, else the shop's."""
        return ZoneInfo(self.time_zone or shop.time_zone)

    @property
    def is_staff(self) -> bool:
        """Who may open the back office (/admin/)."""
        return self.role == Role.ADMIN

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()

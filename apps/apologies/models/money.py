"""Whose word goes how far, what a team may spend, and the ledger of every cent."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Round

from apps.accounts.models import Role

from .compensation import Compensation
from .offer import CompensationKind, Offer


class Limit(models.Model):
    """How far the word of a role goes, for one kind of compensation or (blank) for all others.

    Amounts are in the shop's currency; an empty one sets no limit.
    """

    role = models.CharField(max_length=10, choices=Role.choices)
    kind = models.CharField(max_length=12, choices=CompensationKind.choices, blank=True)
    one_offer = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    second_above = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="A second approver above this"
    )
    customer_year = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="To one customer in twelve months"
    )
    proposer_day = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="Proposed by one person in a day"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "kind"], name="limit_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.kind or 'any'}"


class Budget(models.Model):
    """What a team (none: the whole shop) may give in a period. The sums are kept by the ledger's entries.

    `committed` is approved and not given yet, `spent` is given and neither expired nor taken back;
    committed + spent never exceeds `amount`. Above `soft` a second approver is asked.
    """

    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="budgets"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="Nothing goes above it")
    soft = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="A second approver above this"
    )
    committed = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    spent = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    redeemed = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, help_text="Part of what is spent"
    )
    expired = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="budget_ends_after_it_begins"
            ),
            models.CheckConstraint(
                # SQLite adds in binary: 0.10 + 0.20 would be more than 0.30
                condition=models.Q(amount__gte=Round(models.F("committed") + models.F("spent"), precision=2)),
                name="budget_is_never_exceeded",
            ),
            models.CheckConstraint(
                condition=models.Q(committed__gte=0, spent__gte=0, redeemed__gte=0, expired__gte=0),
                name="budget_sums_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["team", "starts_on", "ends_on"], name="budget_period")]

    def __str__(self) -> str:
        return f"{self.team or 'Shop'} {self.starts_on}"


class Account(models.TextChoices):
    """Where money stands. Each entry moves a sum from one to another: all together they sum to nothing."""

    AVAILABLE = "available", "Available"
    COMMITTED = "committed", "Committed"
    OUTSTANDING = "outstanding", "Given, open"
    REDEEMED = "redeemed", "Redeemed"
    EXPIRED = "expired", "Expired"


class LedgerEntry(models.Model):
    """One movement of money, never changed: approval, issue, redemption, expiry, reversal."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="entries")
    compensation = models.ForeignKey(
        Compensation, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    budget = models.ForeignKey(Budget, null=True, on_delete=models.PROTECT, related_name="entries")
    from_account = models.CharField(max_length=12, choices=Account.choices)
    to_account = models.CharField(max_length=12, choices=Account.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=~models.Q(from_account=models.F("to_account")), name="entry_moves_somewhere"
            ),
            models.UniqueConstraint(
                fields=["compensation"],
                condition=models.Q(from_account="committed", to_account="outstanding"),
                name="entered_once_as_issued",
            ),
        ]
        indexes = [
            models.Index(fields=["budget", "at"], name="entry_budget"),
            models.Index(fields=["at"], name="entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.from_account} to {self.to_account} {self.pk}"

"""The sheets of one pass. None is a table of the database: queries stand in for Candidate and Spender, the
others are temporary tables that live for the pass."""

from django.db import models


class SheetRow(models.Model):
    pk = models.CompositePrimaryKey("customer", "occasion")
    customer = models.ForeignKey("customers.Customer", on_delete=models.DO_NOTHING, related_name="+")
    occasion = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()
    due_from = models.DateField()
    facts = models.JSONField()
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(null=True)
    due_days = models.IntegerField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Candidate(SheetRow):
    """One customer, one occasion: what guards put their conditions on."""

    class Meta:
        managed = False
        db_table = "campaigns_candidate"

    def __str__(self) -> str:
        return self.occasion


class Verdict(SheetRow):
    """A candidate with its outcome: enrolled, holdout, or the reason that holds it back."""

    outcome = models.CharField(max_length=40)

    class Meta:
        managed = False
        db_table = "campaigns_verdict"

    def __str__(self) -> str:
        return f"{self.occasion}: {self.outcome}"


class DueDay(models.Model):
    """When something is due that happened on a day: worked out once per day by the business clock."""

    pk = models.CompositePrimaryKey("due_from", "due_days")
    due_from = models.DateField()
    due_days = models.IntegerField()
    due_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "campaigns_dueday"

    def __str__(self) -> str:
        return f"{self.due_from} and {self.due_days}"


class CallingPlace(models.Model):
    """What is known of where customers are, its zone and its calling window: worked out once per place."""

    pk = models.CompositePrimaryKey("time_zone", "country", "prefix")
    time_zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    prefix = models.CharField(max_length=20)
    zone = models.CharField(max_length=60)
    calls_from = models.DateTimeField()
    calls_until = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "campaigns_callingplace"

    def __str__(self) -> str:
        return self.zone


class Spender(models.Model):
    """A customer's orders of a span, summed up: what VIP standing is ranked by."""

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    spent = models.DecimalField(max_digits=16, decimal_places=2)
    last_at = models.DateTimeField()
    orders_made = models.IntegerField()

    class Meta:
        managed = False
        db_table = "campaigns_spender"

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.spent}"

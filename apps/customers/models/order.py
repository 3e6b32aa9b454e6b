from django.db import models

from ..querysets import OrderQuerySet
from .customer import Customer

VOID_STATUSES = ["cancelled", "canceled", "voided", "unavailable"]


class Order(models.Model):
    """One order. Only its dates decide; of its status only whether it is void (cancelled, unavailable)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders", db_index=False)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=160)
    placed_at = models.DateTimeField()
    status = models.CharField(max_length=30, blank=True, help_text="As the shop wrote it, lower case")
    is_void = models.GeneratedField(
        expression=models.Q(status__in=VOID_STATUSES),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    cancelled_by_customer = models.BooleanField(default=False)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    item_count = models.PositiveIntegerField(null=True, blank=True)
    items = models.CharField(max_length=300, blank=True, help_text="What was bought, in words")
    carrier = models.CharField(max_length=60, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    handed_to_carrier_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="order_once_per_source"),
        ]
        indexes = [
            # read by the welcome play, the customer page and VIP standing
            models.Index(fields=["customer", "placed_at"], name="order_customer_placed"),
            models.Index(fields=["placed_at"], name="order_placed"),
            # read by the detection of late and lost parcels
            models.Index(fields=["promised_on"], name="order_promised"),
        ]

    def __str__(self) -> str:
        return self.external_id

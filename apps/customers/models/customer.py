from django.db import models

from ..querysets import CustomerQuerySet


class Customer(models.Model):
    """A person the shop sells to. Name, e-mail and phone may all be unknown."""

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    name = models.CharField(max_length=160, blank=True)
    called = models.CharField(max_length=80, blank=True, help_text="What to call them")
    pronoun = models.CharField(max_length=20, blank=True, help_text="As on record; none is they")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164")
    language = models.CharField(max_length=10, blank=True)
    street = models.CharField(max_length=200, blank=True, help_text="Street and number, as on an envelope")
    city = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    vip_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="customer_once_per_source"),
        ]
        indexes = [
            # read by the badge's refresh
            models.Index(
                fields=["vip_since"], condition=models.Q(vip_since__isnull=False), name="customer_vip"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or a stand-in that still tells one customer from another."""
        return self.name or f"Customer {self.external_id[:8]}"

    @property
    def first_name(self) -> str:
        return first_name_of(self.called, self.name)


def first_name_of(called: str, name: str) -> str:
    """What to call a person in a greeting; empty where no name is known."""
    return called or name.split(" ", maxsplit=1)[0]

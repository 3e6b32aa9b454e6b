from django.conf import settings
from django.db import models


class AgentName(models.Model):
    """Who a help desk's agent is: imported time of that name is theirs."""

    name = models.CharField(max_length=160, unique=True, help_text="Lower case, as the import compares it")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agent_names")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

"""Who decides instead: the approver's own deputy, a manager of the team, an admin; whoever is here."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from apps.accounts.models import Role, User

from .models import Offer
from .permissions import DECIDING_ROLES, takes_part


@dataclass(frozen=True)
class Deputies:
    """Those who may decide and are here on a day, by key; `given` spreads what they get in one run."""

    people: dict[int, User]
    given: Counter[int] = field(default_factory=Counter)

    @classmethod
    def on(cls, day: date) -> "Deputies":
        here = User.objects.present_on(day).filter(role__in=DECIDING_ROLES)
        return cls({user.pk: user for user in here.order_by("pk")})

    def for_offer(self, offer: Offer) -> User | None:
        """Neither its approver nor its proposer nor its first approver; None where nobody is left."""
        able = [user for user in self.people.values() if self._may_have(user, offer)]
        if not able:
            return None
        own = offer.approver.deputy_id if offer.approver else None
        chosen = min(
            able, key=lambda user: (user.pk != own, user.role == Role.ADMIN, self.given[user.pk], user.pk)
        )
        self.given[chosen.pk] += 1
        return chosen

    def _may_have(self, user: User, offer: Offer) -> bool:
        team_id = offer.task.team_id if offer.task else None
        sees_it = user.role == Role.ADMIN or team_id is None or user.team_id in {None, team_id}
        return sees_it and user.pk != offer.approver_id and not takes_part(user, offer)

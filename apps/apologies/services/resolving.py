"""The one way an incident is closed."""

from datetime import datetime

from apps.accounts.models import User
from apps.core.statuses import advance

from ..models import Incident, IncidentStatus


def resolve(incident: Incident, *, reason: str, by: User | None, now: datetime) -> None:
    """Close an open incident and keep why; a closed one stays as it is."""
    if incident.status == IncidentStatus.RESOLVED:
        return
    closed = {"resolved_at": now, "resolution": reason[:200]}
    advance(incident, IncidentStatus.RESOLVED, by=by, now=now, reason=reason[:200], changes=closed)


def unresolve(incident: Incident, *, reason: str, by: User | None, now: datetime) -> None:
    """Open a closed incident again; an open one stays as it is."""
    if incident.status == IncidentStatus.OPEN:
        return
    opened = {"resolved_at": None, "resolution": ""}
    advance(incident, IncidentStatus.OPEN, by=by, now=now, reason=reason[:200], changes=opened)

"""News that travels upward."""

from django.dispatch import Signal

# user, by, now: switched off, or in a role that works no tasks; whoever kept work for them gives it to others
person_left = Signal()

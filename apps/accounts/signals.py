"""News that travels upward."""

from django.dispatch import Signal

person_left = Signal()  # user, by, now: switched off; whoever kept work for them gives it to others

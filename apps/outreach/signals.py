"""News that travels upward. Each has one sender and is sent inside the transaction of what it tells of."""

from django.dispatch import Signal

mail_came_back = Signal()  # message: Message, now: datetime; it bounced, or was refused for good
mail_taken_back = Signal()  # message: Message, by: User | None, now: datetime; nobody sends it any more
# message: Message, by: User, now: datetime; Conflict from whoever has told them another way since
mail_going_again = Signal()
customer_wrote = Signal()  # customer: Customer, message: Message | None, text: str, now: datetime

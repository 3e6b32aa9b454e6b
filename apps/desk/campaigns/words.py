"""What the campaign pages say of each play: the title is the state, and the number comes first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    one: str
    many: str
    promise: str
    act: str  # what one task is

    def title(self, number: int, *, is_on: bool) -> str:
        """`412 customers will be welcomed`; of a campaign that is off: what switching it on would do."""
        if not number:
            return "Nobody new at this moment" if is_on else "Nobody would be in at this moment"
        subject = self.one if number == 1 else self.many
        return f"{number:,} {subject}" if is_on else f"{number:,} {subject.replace(' will ', ' would ')}"


WORDS = {
    "welcome": Words(
        "customer will be welcomed",
        "customers will be welcomed",
        "Each gets one call within two weeks of a first order: thanks, and “what do you think?”",
        "call",
    ),
    "vip_recognition": Words(
        "customer will be thanked",
        "customers will be thanked",
        "Each gets one call with thanks and one special thing. At most once a quarter.",
        "call",
    ),
    "feedback_reply": Words(
        "reply will be written",
        "replies will be written",
        "Every word gets a personal answer, praise too. What is owed is never held out.",
        "reply",
    ),
    "apology": Words(
        "apology will be prepared",
        "apologies will be prepared",
        "Each waits for a manager before anybody hears of it. What is owed is never held out.",
        "apology",
    ),
}
OTHER = Words("customer will be reached", "customers will be reached", "", "task")


def words_for(play: str) -> Words:
    return WORDS.get(play, OTHER)

"""The plays as the checker of language names them."""

NAMES = {"vip_recognition": "vip", "feedback_reply": "feedback", "welcome": "welcome", "apology": "apology"}


def language_play(play: str) -> str:
    """Empty for a play that the checker does not know: it then reads the draft alone."""
    return NAMES.get(play, "")

"""The kinds of finding as people read them: what the words do to whoever reads them."""

CATEGORIES = {
    "effort": "Effort instead of the result",
    "usual_standard": "How good we usually are",
    "praise_rep": "Praise of a colleague",
    "policy_shield": "A rule as the reason",
    "blame_customer": "Blames the customer",
    "blame_other": "Blames somebody else",
    "excuse": "A cause in place of owning it",
    "minimise": "Makes it small",
    "nonapology": "Sorry without a fault",
    "command": "Tells them how to behave",
    "deny_correct": "Denies or corrects them",
    "hedged": "A promise with a way out",
    "process": "Our inner workings",
    "boilerplate": "Words that fit anybody",
    "premature_sorry": "Sorry before listening",
    "over_apology": "Too many apologies",
    "self_focus": "About us, not them",
    "brush_off": "A no without help",
}


def category_name(category: str) -> str:
    return CATEGORIES.get(category, category.replace("_", " ").capitalize())

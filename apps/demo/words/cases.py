"""What was said in the demo's single cases."""

STORM = "A storm closed the yard of Northern Parcel"
IMPROVED = "Parcels of a closed yard now leave from the next one on the same day"
BROKEN = (
    "It broke on the first day of the trip it was for. They had to buy another one on the way, "
    "and have called us three times since."
)
RUDE = "They were cut off twice in the middle of a sentence, and told that others manage with it."
TOO_LITTLE = "They paid twice for the same thing. Look at what that came to, and give more."
WHY_DEAR = "They had to buy another one on the way: this is what that cost them."
SENT_BACK = "Say what went wrong in the first sentence, before we thank them for anything."
AWAY = "Walking, without a phone"
TRIED = "The seam opened on the first walk."
TOLD_BY_HAND = "Told by hand before we tried carecrm"
TEMPLATES = {
    "welcome": (
        "Welcome",
        "Welcome to {shop}, {first_name|friend}",
        "Dear {first_name|friend},\n\n"
        "you ordered with us for the first time, and I would have liked to call you. Thank you.\n\n"
        "What do you think of it, now that it is in your hands? Write to me in a line or two. "
        "I read it myself, and so do the people who make it.\n\n"
        "{rep}, {shop}",
    ),
    "vip_recognition": (
        "VIP thanks",
        "Thank you, {first_name|friend}",
        "Dear {first_name|friend},\n\n"
        "you have come back to us again and again. There is nothing to buy in this mail, and no code: "
        "it is only to say that we noticed, and that it means a lot to us.\n\n"
        "If there is something that we could do better for you, tell me.\n\n"
        "{rep}, {shop}",
    ),
}

"""What customers write. {good} is what they bought, {days} how late it came, {order} their order's number."""

PRAISE = [
    (
        "",
        "The {good} is exactly what I hoped for. I wore it in sideways rain on the first day and stayed dry.",
    ),
    (
        "Better than the pictures",
        "Better than the pictures. The colour is calm and the stitching is straight.",
    ),
    ("", "Came two days before you said it would. My daughter had it in time for her class trip."),
    (
        "Ten out of ten",
        "I have bought from you three times now and each time somebody had written a card. Keep that.",
    ),
    ("", "Order {order}: whoever packed this took care. Not one bit of plastic in the box."),
    ("", "I called about the size, and the woman on the phone knew the {good} by heart. Thank you to her."),
    ("Worth the money", "It is not cheap, but my last one from you held eleven years. Worth the money."),
    ("", "Warm, light, quiet. The dog walks are now my favourite part of the day."),
    ("", "Lovely. Nothing to add."),
    ("So soft", "So soft that my husband has stolen it. I will have to order a second {good}."),
    ("", "You repaired the zip of my old one for nothing and sent it back clean. I tell everyone."),
    ("", "The {good} fits as the table says. That is rarer than it should be."),
    ("A gift that was liked", "A gift for my father, who likes nothing. He likes this."),
    ("", "Very good quality and quick answer to my mail about the wash."),
    ("", "I was unsure about ordering from abroad. No surprises, clear costs, here in a week."),
    ("", "Honest description, honest price. The small scratch you wrote about was really that small."),
    ("", "It rained for nine days on the West Highland Way and the {good} never let a drop in."),
    ("Happy", "Happy with everything. Also with the thin paper pattern that explains how to mend it."),
]

LATE = [
    (
        "Where was it",
        "You promised a day and it came {days} days later. Nobody wrote. I stayed at home for it twice.",
    ),
    (
        "",
        "The {good} is fine, the wait was not. {days} days late, and the trip it was for is over.",
    ),
    ("Too late", "Order {order} arrived after the birthday. I had to give a picture of it in a card."),
    (
        "",
        "I asked by chat where my parcel was and got three different answers. In the end it came by itself.",
    ),
    (
        "",
        "Late by {days} days and the tracking page said 'on its way' the whole time. That is not information.",
    ),
    (
        "Disappointed",
        "First order with you and it came {days} days late without a word. I had expected more.",
    ),
]

COMPLAINTS = [
    (
        "Zip broke",
        "The zip of the {good} gave up on the fourth day. I like it too much to send it back, but really.",
    ),
    ("", "The sleeve is two fingers shorter than your table says. I measured three times."),
    ("Not the colour", "On the page it is moss, at my door it is grass. Not the colour I chose."),
    ("", "I waited 25 minutes on the line and then it was cut off. I still do not know how to send it back."),
    ("", "The seam under the arm opened after two washes, at 30 degrees as the label says."),
    ("Wrong size sent", "I ordered M and got L. Order {order}. I need it by Friday."),
    ("", "Why do I pay for the return when the fault is yours?"),
    ("Scratchy", "The wool is much scratchier than last year's. Did you change the yarn without saying so?"),
    ("", "My coupon was refused at the till and the chat said it was my browser. It was not my browser."),
    ("", "The {good} smells of chemicals. After a week on the balcony it still does."),
    ("Two letters, no answer", "I have written twice about my refund. It is 19 days now."),
    ("", "The man on the phone was in a hurry, and I could hear it. I did not feel like a customer."),
    ("", "One pole of the tent was bent. I could straighten it, but I should not have to."),
    ("", "Nice thing, terrible packaging. The box was open on one side and wet."),
]

IDEAS = [
    ("An idea", "Please sell the {good} in longer. I am 1.94 and I know I am not alone."),
    ("", "Could you put the weight of each piece on the page? Some of us carry it up a hill."),
    ("", "A repair kit with thread in the right colours would be a lovely thing to find in the box."),
    ("For the page", "Show the jackets on people of my age, too. I am 67 and I hike more than my children."),
    ("", "It would help to choose the delivery day. I am home on Tuesdays and never on Thursdays."),
    ("", "Send spare buttons with the Plover shirt. One, even."),
    (
        "Buy back?",
        "Do you take back old coats that are still good? I would rather they were worn than stored.",
    ),
    ("", "The size table should have centimetres and inches beside each other. I always get it wrong."),
    (
        "",
        "Your newsletter is good but long. A short one with only what can be repaired would be my favourite.",
    ),
]

SHORT = {
    5: ["Great.", "All good, thank you.", "Perfect fit."],
    4: ["Good.", "Nice, a bit dear."],
    3: ["It is okay."],
}
PLACES = ["Shop review", "Survey after delivery", "Mail", "Public review", "Chat"]
PUBLIC_PLACES = {"Shop review", "Public review"}
REVIEW_URL = "https://reviews.example.com/tern-and-thistle/{id}"
CANNOT_ANSWER = ["Written without a name and without an order", "They asked not to be written to"]

HEARD = [
    "I love the jacket, but the hood falls into my eyes when it is windy.",
    "A friend told me about you. I only wish there were a shop in my town.",
    "The parcel was fine, the return label did not stick.",
    "I would buy the rucksack again, only the hip belt is too short for me.",
    "Why did you stop the blue one? I would order two if it came back.",
    "The card in the box was a surprise. It is on my fridge now.",
    "I found the size table confusing: inches and centimetres are mixed up.",
]

"""What reps note after a call and write back to feedback, by play and outcome. {name} is the customer's first name."""

NOTES = {
    ("welcome", "talked"): [
        "Pleased that somebody called. Bought it for a walk along the coast in spring.",
        "A little surprised, then chatty. Found the size table hard to read.",
        "Short call, was at work. All fine with the order.",
        "Uses it for cycling to work. Asked about mending, told about the repair desk.",
        "Happy. First thing bought from us, a friend recommended it.",
    ],
    ("vip_recognition", "talked"): [
        "Thanked for the years. Was touched, told me about the trip to Iceland.",
        "Said nobody had ever called just to say thank you.",
        "Wants to know early when the rust colour comes back. Put on the list.",
        "Moved house in summer; the address on record is right.",
        "Laughed and asked what I was selling. Nothing. Then we talked for ten minutes.",
    ],
    ("apology", "talked"): [
        "Angry at first, calmer once I said it was our fault. Took the coupon.",
        "The parcel has come since. Appreciated the call more than the money.",
        "Had already bought another one elsewhere. I said that was fair. Refund wished for.",
        "Let me read the letter out. Said thank you for not blaming the carrier.",
        "Was in a meeting, still took three minutes. All right between us.",
    ],
    ("", "talked"): ["Good talk, nothing open."],
    ("", "voicemail"): ["Left our number and why we called.", "Voicemail. Said we would try again tomorrow."],
    ("", "no_answer"): ["", "Rang out.", ""],
    ("", "call_back"): ["On the bus, asked for a call later.", "Baby asleep. Asked to be called back."],
    ("", "wrong_number"): ["Somebody else's number."],
    ("", "do_not_call"): ["Friendly, but does not want calls. Noted."],
    ("", "problem_found"): ["The seam has opened on the left side. Sends a picture today."],
}

REPLIES = {
    "praise": [
        "Dear {name},\n\nthank you for writing this. I read it out at our morning round, and the two who pack "
        "your parcels asked for a copy.\n\nCome back when you need something mended, too.",
        "Dear {name},\n\nthat made our day. It helps to hear what is right as much as what is not.\n\n"
        "Many good miles with it.",
        "Dear {name},\n\nthank you. I have passed your words on to the person you spoke to.",
    ],
    "complaint": [
        "Dear {name},\n\nyou are right, and I am sorry. What you describe should not have left our house. "
        "I have sent you a label, and a new one goes out today, before yours is back.",
        "Dear {name},\n\nthank you for telling us instead of staying quiet. The fault is ours. I have looked it "
        "up, written down what happened, and put it right on your account.",
        "Dear {name},\n\nI am sorry for the wait and for the silence around it. We gave you a day and did not "
        "keep it. You will hear from me by phone as well.",
    ],
    "idea": [
        "Dear {name},\n\na good idea, and not the first time that we hear it. I have put it on the list that our "
        "makers read each month, with your words.",
        "Dear {name},\n\nthank you. I asked in the workshop, and they are trying it for autumn. I will write to "
        "you when we know.",
    ],
}

RETURNED = [
    "Say what went wrong in the first sentence.",
    "The amount is low for a second delay. Look at the order before.",
]
POSTSCRIPT = "P.S. We have your order in front of us: you need not look for its number."
WHY_MORE = "They have waited longer for us than others already."
DECLINED = ["They have their money back since Monday, and said that this is enough."]
TOPICS = {
    "phone": ["Where is my order?", "Return", "Size advice", "Change of address", "Damaged item", "Payment"],
    "mail": ["Return", "Invoice", "Where is my order?", "Warranty", "Change of address"],
    "chat": ["Size advice", "Where is my order?", "Coupon", "In stock?"],
}
INTERNAL = ["Morning round", "Handover", "Training", "Sorting returns"]
LEADING = [
    "Planning the week",
    "Talks with the team",
    "Listening in",
    "Carriers and stock",
    "Deciding on offers",
]

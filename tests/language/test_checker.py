"""What the checker flags, what it leaves alone, and what it says."""

import pytest

from apps.language import Context, check


def told(text: str, **context: object) -> list[tuple[str, str]]:
    """(category, words) of each finding."""
    return [(one.category, text[one.start : one.end]) for one in check(text, context=Context(**context))]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("I'm trying to help you.", "effort"),
        ("I'm doing the best I can.", "effort"),
        ("Things take time.", "effort"),
        ("We usually give higher quality service.", "usual_standard"),
        ("He's one of our most experienced advisers.", "praise_rep"),
        ("That's against company policy.", "policy_shield"),
        ("You're being unreasonable.", "blame_customer"),
        ("You should have read the instructions.", "blame_customer"),
        ("The garage bungled that one, not us.", "blame_other"),
        ("We were short-staffed, which is why nobody answered.", "excuse"),
        ("It's not a big deal.", "minimise"),
        ("Sorry if you were offended.", "nonapology"),
        ("We apologise for any inconvenience.", "nonapology"),
        ("Please calm down.", "command"),
        ("You must have misunderstood.", "deny_correct"),
        ("I'll see what I can do.", "hedged"),
        ("Your ticket was raised with tier 2 and sits in the L3 queue until triage.", "process"),
        ("As a valued customer, your satisfaction is our top priority.", "boilerplate"),
        ("Oops, sorry! Do you want to renew?", "premature_sorry"),
        ("So sorry, truly sorry, sorry again, I am sorry.", "over_apology"),
        ("You're not treating me well.", "self_focus"),
        ("That's not my department.", "brush_off"),
    ],
)
def test_the_usual_form_of_each_category_is_found(text: str, category: str) -> None:
    assert category in [found for found, _ in told(text)]


@pytest.mark.parametrize(
    "text",
    [
        "I will help you, Tom. Send me the serial number and I'll have a new pump booked before lunch.",
        "We fell short and we can do much better for you. Your new lens is being cut this morning.",
        "You didn't do anything wrong. Our form drops the last digit.",
        "There is no excuse for how you were spoken to.",
        "I won't hide behind the small print. You were sold the wrong cover and I'm putting it right.",
        "We didn't answer your three calls. That is our failing. We had too few people on the desk.",
        "Good news: the policy lets me refund the postage too. Done.",
        "Our courier lost your parcel, and because we chose the courier, that is on us.",
        "I'm sorry for the inconvenience we caused you on Sunday and I've credited the £12.",
        "You have every right to be angry.",
        "Your parcel should arrive on Tuesday.",
        "We can't restore the photos, and I know what they meant. I'm refunding it all.",
    ],
)
def test_care_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "You were told “that's our policy”. That was the wrong answer: you get a full refund.",
        'He wrote "calm down" to you. That was wrong, and I am sorry.',
        "You mentioned “I should have read the instructions”. Please don't worry, they're unclear.",
    ],
)
def test_what_is_quoted_is_not_flagged(text: str) -> None:
    assert told(text) == []


def test_what_the_customer_said_is_not_flagged() -> None:
    theirs = "You should have called me sooner."
    text = f"{theirs} You are right, and I am calling now."
    assert told(theirs)
    assert told(text, customer_words=((0, len(theirs)),)) == []


def test_a_note_tells_the_customer_from_the_rep() -> None:
    assert told("Cust said we should have read the form. Sent a new one.", channel="call_note") == []
    assert told("Told her to calm down.", channel="call_note")[0][0] == "command"


def test_praise_of_a_colleague_hurts_in_an_apology_and_not_in_a_welcome_call() -> None:
    text = "Marcus is one of our most experienced advisers."
    assert told(text, play="apology")[0][0] == "praise_rep"
    assert told(text, play="welcome") == []


def test_a_carrier_that_only_the_team_knows_is_a_third_party() -> None:
    text = "Swiftpost lost your parcel."
    assert told(text) == []
    assert told(text, carriers=frozenset({"Swiftpost"})) == [("blame_other", "Swiftpost lost your parcel")]


def test_a_colleague_called_will_is_not_the_verb() -> None:
    colleagues = frozenset({"Will", "May"})
    assert told("I will call you in May.", colleagues=colleagues) == []
    assert told("Will is one of our best people.", colleagues=colleagues, play="apology")


def test_a_rewrite_stands_where_the_words_stood() -> None:
    text = "Hi Tom, we're trying to find your parcel, and I'll ring at 5."
    (finding,) = check(text)
    assert text[finding.start : finding.end] == "we're trying to find your parcel"
    rewritten = text[: finding.start] + finding.rewrites[0] + text[finding.end :]
    assert rewritten == "Hi Tom, we will find your parcel, and I'll ring at 5."


def test_a_finding_explains_itself() -> None:
    (finding,) = check("I'm trying to help you.")
    assert finding.rule == "effort.trying"
    assert finding.severity == "stop"
    assert finding.message.endswith(".")
    assert "Nasser" in finding.source
    assert 1 <= len(finding.rewrites) <= 3


def test_words_are_found_as_people_write_them() -> None:
    for text in ("im tryng to help you", "I\u2019m trying to help you", "I AM TRYING TO HELP YOU"):
        assert told(text), text


def test_nothing_is_found_in_nothing() -> None:
    assert check("") == check(" \n\t") == check("...") == []


@pytest.mark.parametrize(
    "text",
    [
        "We're not trying to blame you for it.",
        "We haven't been trying to hide it.",
        "What I'm trying to say is that we got it wrong.",
        "If the courier loses it again, call me.",
        "Has the courier lost it?",
        "The garage didn't lose it.",
        "It is company policy that you get a refund.",
    ],
)
def test_what_is_denied_supposed_or_asked_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("That's our policy.", "policy_shield"),
        ("You said it was late, but please calm down.", "command"),
        ("The customer complained, so I told her to calm down.", "command"),
    ],
)
def test_the_writer_is_heard_again(text: str, category: str) -> None:
    assert category in [found for found, _ in told(text)]


def test_a_clause_that_leans_on_another_is_rewritten_with_it() -> None:
    (finding,) = check("If you had read the email, you would have known.")
    assert finding.start == 0
    assert finding.end == len("If you had read the email, you would have known")


def test_an_apology_too_many_is_found_where_it_stands() -> None:
    text = "Sorry about the delay. I apologise again. Your refund of £40 is on its way. Sorry once more."
    assert told(text) == [("over_apology", "Sorry once more")]


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("The courier lost your parcel and has not said sorry.", "We got that wrong"),
        ("Your GP sent us the wrong form.", "We got that wrong"),
        ("We were trying to call you all day.", "I will …, and you hear from me by …"),
        ("I'm trying to find your parcel.", "I will find your parcel"),
    ],
)
def test_the_first_rewrite_fits(text: str, rewrite: str) -> None:
    assert check(text)[0].rewrites[0] == rewrite


def test_the_page_knows_the_occasion_better_than_the_draft() -> None:
    text = "Congratulations on your new home. We pride ourselves on our service."
    assert told(text, play="welcome") == []
    assert told(text, play="apology")[0][0] == "usual_standard"

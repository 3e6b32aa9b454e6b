import re
from html.parser import HTMLParser

import pytest

from apps.accounts.models import Shop, User
from apps.outreach.facts import facts_of
from apps.outreach.templating import (
    BrokenHeader,
    CannotRender,
    EmptyPlaceholder,
    Footer,
    Rendered,
    Words,
    render_letter,
    render_mail,
)
from tests.factories import make_customer, make_order

FOOTER = Footer("Tern & Thistle", "You get this because you ordered.", "https://shop.example/stop/abc")
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{}</style>",
    "</title><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<bdi onclick=alert(1)>",
]
OURS = {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "br", "bdi"}
HEADER_BREAKS = ["\r\n", "\n", "\r", "\0", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


def render(body: str, subject: str = "Thanks", **facts: str) -> Rendered:
    known = {"first_name": "Ana", "name": "Ana Duarte", "rep": "Tom", "shop": "Tern & Thistle"}
    return render_mail(Words(subject, body), {**known, **facts}, footer=FOOTER)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_both_parts_say_the_same() -> None:
    mail = render("Dear {first_name},\n\nthank you.\nIt is on its way.\n\n{rep}", subject="For {first_name}")
    assert mail.subject == "For Ana"
    assert mail.text == (
        "Dear Ana,\n\nthank you.\nIt is on its way.\n\nTom\n\n-- \nTern & Thistle\n"
        "You get this because you ordered.\nNo more of these: https://shop.example/stop/abc\n"
    )
    assert '<p dir="auto">Dear <bdi>Ana</bdi>,</p>' in mail.html
    assert '<p dir="auto">thank you.<br>It is on its way.</p>' in mail.html
    assert '<a href="https://shop.example/stop/abc" rel="noopener noreferrer">' in mail.html


def test_line_ends_of_a_browser_are_line_ends() -> None:
    assert render("One\r\n\r\nTwo").html == render("One\n\nTwo").html


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("place", ["name", "order", "body", "subject"])
def test_markup_stays_text_wherever_it_comes_from(payload: str, place: str) -> None:
    facts = {"first_name": payload} if place == "name" else {"order": payload if place == "order" else "7"}
    body = f"Dear {{first_name}}, {{order|it}} {'' if place != 'body' else payload.replace('{}', '')}"
    subject = payload.replace("{}", "") if place == "subject" else "For {first_name}"
    found = Tags(render(body, subject, **facts).html)
    assert found.tags <= OURS
    assert found.attributes <= {"charset", "name", "content", "class", "dir", "href", "rel"}
    assert found.links == [FOOTER.link]


def test_written_addresses_become_links_and_nothing_else_does() -> None:
    mail = render(
        "See https://shop.example/a?b=1&c=2. Or http://x.example/(y), javascript:alert(1), ftp://z.example"
    )
    assert Tags(mail.html).links == ["https://shop.example/a?b=1&c=2", "http://x.example/(y", FOOTER.link]
    assert "&amp;c=2</a>. Or" in mail.html


def test_what_a_customer_brings_never_becomes_a_link() -> None:
    mail = render("Your order {order}", order="https://evil.example/x")
    assert Tags(mail.html).links == [FOOTER.link]


def test_a_link_as_a_name_is_refused() -> None:
    for name in ("https://evil.example Ana", "WWW.evil.example"):
        with pytest.raises(CannotRender, match="name of this customer holds a link"):
            render("Hello", name=name)


def test_what_is_not_known_cannot_be_sent() -> None:
    with pytest.raises(EmptyPlaceholder) as refused:
        render("Dear {first_name}, {order} and {order}", first_name=" ", order="")
    assert refused.value.names == ["first_name", "order"]
    assert "{first_name|words}" in str(refused.value)


@pytest.mark.parametrize(
    "name", ["\u200b", "\u2800\u2800", "\u00ad", "\u3164", " \u200e\u202e ", "\ufeff\u034f"]
)
def test_a_name_that_shows_nothing_is_not_known(name: str) -> None:
    with pytest.raises(EmptyPlaceholder):
        render("Dear {first_name},", first_name=name)
    assert render("Dear {first_name|friend},", first_name=name).text.startswith("Dear friend,")


def test_a_name_keeps_the_signs_that_it_is_written_with() -> None:
    for name in ("علی\u200cرضا", "\U0001f469\u200d\U0001f680"):
        assert render("Dear {first_name},", first_name=name).text.startswith(f"Dear {name},")


@pytest.mark.parametrize("sign", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
def test_no_sign_turns_the_words_after_it_around(sign: str) -> None:
    mail = render("Dear {first_name}, thank you.", subject="{first_name}: thanks", first_name=f"A{sign}na")
    assert (mail.subject, mail.text[:20]) == ("Ana: thanks", "Dear Ana, thank you.")
    letter = render_letter(f"For A{sign}na", f"Dear A{sign}na", footer=FOOTER)
    for part in (mail.html, letter.subject, letter.text, letter.html):
        assert sign not in part


def test_words_of_its_own_stand_in() -> None:
    mail = render("Dear {first_name|friend},", subject="For {first_name|you}", first_name="")
    assert mail.subject == "For you"
    assert mail.text.startswith("Dear friend,\n")


@pytest.mark.parametrize("sign", HEADER_BREAKS)
def test_no_header_is_broken(sign: str) -> None:
    broken = f"Ana{sign}Bcc: everybody@example.com"
    with pytest.raises(BrokenHeader):
        render("Hello", subject=broken)
    with pytest.raises(BrokenHeader):
        render("Hello", subject="For {first_name}", first_name=broken)
    with pytest.raises(BrokenHeader):
        render("Hello", name=broken)
    with pytest.raises(BrokenHeader):
        render("Hello", subject="For {items}", items=broken)
    with pytest.raises(BrokenHeader):
        render_letter(broken, "Hello", footer=FOOTER)


def test_a_subject_keeps_to_what_fits() -> None:
    assert len(render("Hello", subject="{name}", name="x" * 160).subject) == 160
    with pytest.raises(CannotRender, match="201 characters long; at most 200"):
        render("Hello", subject="{name} for you and {name}", name="x" * 94)


@pytest.mark.parametrize(("subject", "body"), [("", "Hello"), ("  ", "Hello"), ("Hi", ""), ("Hi", " \n")])
def test_an_empty_mail_is_refused(subject: str, body: str) -> None:
    with pytest.raises(CannotRender, match="is empty"):
        render(body, subject)


def test_a_character_that_no_mail_carries_is_refused() -> None:
    with pytest.raises(CannotRender, match="no mail can carry"):
        render("Hello\0")
    with pytest.raises(CannotRender, match="no mail can carry"):
        render("Hello {items}", items="a\x07b")


def test_right_to_left_names_do_not_turn_the_words_around() -> None:
    mail = render("{first_name}, thank you.", first_name="שירה")
    assert '<p dir="auto"><bdi>שירה</bdi>, thank you.</p>' in mail.html


def test_a_letter_that_is_final_is_sent_as_it_stands() -> None:
    mail = render_letter("About {order}", "Your code is {A-7}.\n\nhttps://x.example", footer=FOOTER)
    assert mail.text.startswith("Your code is {A-7}.\n\nhttps://x.example\n")
    assert Tags(mail.html).links == [FOOTER.link]


def test_facts_are_told_as_people_say_them(shop: Shop, rep: User) -> None:
    customer = make_customer(name="Grace Okafor")
    order = make_order(customer, external_id="1042")
    facts = facts_of(customer, by=rep, shop=shop, order=order)
    assert facts == {
        "first_name": "Grace",
        "name": "Grace Okafor",
        "rep": "Ana",
        "shop": "Tern & Thistle",
        "order": "1042",
        "items": "Fjell jacket, moss M",
        "total": "€49.50",
        "placed_on": "2 March",
        "promised_on": "",
    }
    assert facts_of(make_customer(name=""), by=rep, shop=shop)["first_name"] == ""


def test_the_letter_brings_its_style_along_and_loads_nothing() -> None:
    html = render("Hello").html
    assert "<style>" in html
    assert not re.search(r"@import|url\(|<link|<img|<script", html)

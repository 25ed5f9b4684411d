"""Form parsing: valid input passes unchanged, invalid input is named by field and code."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from events.core.errors import Invalid
from events.core.text.unicode_cleaning import Deceives, clean
from events.core.web.forms import Address, Checkbox, Form, line, paragraph, parse_frame, parse_page


class Signup(Form):
    name: Annotated[str, line(20)]
    email: Address
    about: Annotated[str, paragraph(100)] = ""
    seats: int = 1
    agree: Checkbox = False
    topics: list[str] = Field(default_factory=list)


class Post(Form):
    room: Annotated[str, line(40)]
    after: int | None = None


def refused(**fields: str) -> list[tuple[str, str]]:
    given = {"name": "Bram", "email": "bram@example.test"} | fields
    with pytest.raises(Invalid) as caught:
        parse_page(Signup, {name: [value] for name, value in given.items()})
    return caught.value.fields


def test_a_good_form_passes() -> None:
    form = parse_page(
        Signup,
        {
            "name": ["  Bram  de   Vries "],
            "email": ["Bram@Example.test"],
            "agree": ["on"],
            "topics": ["a", "b"],
        },
    )
    assert (form.name, form.email, form.agree, form.topics) == (
        "Bram de Vries",
        "bram@example.test",
        True,
        ["a", "b"],
    )


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200b",
        "\u200b\u200b",
        "\u3164\u3164",
        "\u2800",
        "\u200d",
        "\u00ad\ufeff",
        "\ufe0f",
        "\u0301",
    ],
)
def test_nothing_to_see_counts_as_missing(name: str) -> None:
    assert refused(name=name) == [("name", "missing")]


@pytest.mark.parametrize(
    "name", ["a\x00b", "a\ud800", "a\x1b[31m", "abc\u202edcba", "e" + "\u0301" * 5000, "e" + "\u0301" * 12]
)
def test_what_cannot_be_stored_is_refused(name: str) -> None:
    assert refused(name=name)[0] in {("name", "bad_text"), ("name", "too_long")}


@pytest.mark.parametrize(
    "email",
    [
        "x",
        "a@b",
        "a b@c.nl",
        "a@b..nl",
        "a@b.nl\nBcc: x@y.nl",
        "a@@b.nl",
        '"a"@b.nl',
        "a@[127.0.0.1]",
        ".a@b.nl",
    ],
)
def test_a_malformed_address_is_refused(email: str) -> None:
    assert refused(email=email) == [("email", "bad_address")]


def test_each_field_says_what_is_wrong_with_it() -> None:
    assert refused(name="x" * 21, seats="many", surprise="1") == [
        ("name", "too_long"),
        ("seats", "bad_number"),
        ("surprise", "unknown_field"),
    ]


@pytest.mark.parametrize(
    "payload", [None, [], "x", 3, {"room": 3}, {"room": "r", "after": "3"}, {"room": "r", "x": 1}]
)
def test_a_frame_takes_exactly_its_types(payload: object) -> None:
    with pytest.raises(Invalid):
        parse_frame(Post, payload)


def test_a_good_frame_passes() -> None:
    assert parse_frame(Post, {"room": "livestream:demo", "after": 3}).after == 3


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\u202d06 12345678\u202c", "06 12345678"),
        ("\u2068Dana\u2069", "Dana"),
        ("Anna\u200b", "Anna"),
        ("An\u00adna", "Anna"),
        ("\ufeffAnna", "Anna"),
        ("Anna\u200d", "Anna"),
        ("A\u200cnna", "Anna"),
        ("Anna\ufe0f", "Anna"),
        ("Anna\u3164", "Anna"),
        ("Anna\u200e", "Anna"),
        ("Anna\u034f", "Anna"),
        ("Anna\U000e0041", "Anna"),
        ("Anna\u2800\u00a0B.", "Anna B."),
        ("Zo\x0been dag", "Zo een dag"),
        ("e\u0301\u00e9n", "\u00e9\u00e9n"),
    ],
)
def test_what_copying_leaves_behind_is_taken_away(pasted: str, kept: str) -> None:
    assert parse_page(Signup, {"name": [pasted], "email": ["z@example.test"]}).name == kept


@pytest.mark.parametrize(
    "words",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 thuis",
        "\U0001f469\U0001f3fd\u200d\U0001f680",
        "\u2764\ufe0f\u200d\U0001f525",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "1\ufe0f\u20e3",
        "\u0645\u06cc\u200c\u062e\u0648\u0627",
        "\u0915\u094d\u200d\u0937",
        "\u05d3\u05d5\u05d3\u200f 3",
        "\u6f22\u5b57",
    ],
)
def test_joiners_that_belong_to_a_word_stay(words: str) -> None:
    assert parse_page(Signup, {"name": [words], "email": ["z@example.test"]}).name == words


def test_a_paragraph_keeps_its_lines_and_gets_real_bullets() -> None:
    form = parse_page(
        Signup,
        {
            "name": ["Bram"],
            "email": ["\u2068bram@example.test\u2069"],
            "about": ["\uf0b7 een\x0b\uf0b7 twee\u2028drie\r\nvier\u00a0vijf"],
        },
    )
    assert form.about == "\u2022 een\n\u2022 twee\ndrie\nvier vijf"
    assert form.email == "bram@example.test"


def test_a_refusal_names_the_line() -> None:
    assert refused(about="een\ntwee\x1b[31m\ndrie") == [("about", "bad_text@2")]
    assert refused(about="een\ntwee\n\u00e9\u202eneerd") == [("about", "bad_text@3")]
    assert refused(about="een\x00") == [("about", "bad_text")]


def test_the_length_of_what_is_kept_counts() -> None:
    name = "a\u200b" * 20
    assert parse_page(Signup, {"name": [name], "email": ["z@example.test"]}).name == "a" * 20
    assert refused(name="\u200b" * 200) == [("name", "too_long")]


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    try:
        once = clean(text)
    except Deceives:
        return
    assert clean(once) == once


def test_words_that_merely_look_odd_pass() -> None:
    name = "Zoë van 't Ćwik 👩‍🚀"
    assert parse_page(Signup, {"name": [name], "email": ["z@example.test"]}).name == name

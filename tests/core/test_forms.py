"""Input: what can be stored passes unchanged, what cannot is named by field and code."""

from typing import Annotated

import pytest
from pydantic import Field

from events.core.errors import Invalid
from events.core.forms import Address, Checkbox, Form, line, paragraph, parse_frame, parse_page


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


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u200b\u200b"])
def test_nothing_to_see_counts_as_missing(name: str) -> None:
    assert refused(name=name) == [("name", "missing")]


@pytest.mark.parametrize(
    "name", ["a\x00b", "a\ud800", "a\x1b[31m", "abc\u202edcba", "e" + "\u0301" * 5000, "a\u2066b"]
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
def test_an_odd_address_is_refused(email: str) -> None:
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


def test_words_that_merely_look_odd_pass() -> None:
    name = "Zoë van 't Ćwik 👩‍🚀"
    assert parse_page(Signup, {"name": [name], "email": ["z@example.test"]}).name == name

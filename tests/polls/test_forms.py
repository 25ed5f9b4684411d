"""Validation of poll options."""

import pytest

from events.core.errors import Invalid
from events.core.web.forms import parse_page
from events.polls.forms import Create


@pytest.mark.parametrize(
    "other", ["Ja", "ja", "Ja\u200b", "J\u00ada", "\u2068Ja\u2069", "Ja\ufe0f", "Ja\u3164"]
)
def test_options_that_look_the_same_are_refused(other: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_page(Create, {"title": ["Nog een ronde?"], "options": [f"Ja\n{other}"]})
    assert refused.value.fields == [("options", "bad_twice")]


def test_an_invalid_option_is_named_by_its_line() -> None:
    with pytest.raises(Invalid) as refused:
        parse_page(Create, {"title": ["Nog een ronde?"], "options": ["Ja\nNee\x00"]})
    assert refused.value.fields == [("options", "bad_text@2")]

"""Email addresses: every spelling is normalised to the same address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.text.email_address import NotAnAddress, normalise_address, readable_address

ASCII = "bram@xn--bckerei-5wa.example"


@pytest.mark.parametrize(
    "typed",
    [
        "bram@bäckerei.example", "BRAM@BÄCKEREI.example", "bram@ba\u0308ckerei.example", ASCII, ASCII.upper(),
        "\u200bbram@bäckerei.example\ufeff", "\u2068bram@bäckerei.example\u2069",
        "bram@bäck\u00aderei.example",
        " \u00a0bram@bäckerei.example\t\n", "bram＠bäckerei.example",
    ],
)  # fmt: skip
def test_every_way_to_write_an_address_is_the_same_one(typed: str) -> None:
    assert normalise_address(typed) == ASCII
    assert readable_address(normalise_address(typed)) == "bram@bäckerei.example"


@pytest.mark.parametrize(
    "typed",
    [
        "", "bram", "bram@", "@demo.test", "bram@localhost", "bram@demo..test", ".bram@demo.test",
        "bram.@demo.test", "br..am@demo.test", "bram@-demo.test", "bram@demo_.test",
        "bram@demo.test\r\nBcc: x@y.test",
        "a\x00@demo.test", '"bram"@demo.test', "bram@[127.0.0.1]", "bräm@demo.test", "a" * 65 + "@demo.test",
        "bram@" + "a." * 130 + "test", "bram @demo.test", "bram@demo.test, chris@demo.test",
    ],
)  # fmt: skip
def test_what_no_mail_can_be_sent_to_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        normalise_address(typed)


@given(st.text(max_size=40))
def test_what_is_accepted_is_ascii_and_stays_as_it_is(typed: str) -> None:
    try:
        found = normalise_address(f"{typed}@demo.test")
    except NotAnAddress:
        return
    assert found.isascii()
    assert normalise_address(found) == found

"""vCard writer: user text stays a value, and lines are folded."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.calendar.vcard import MAX_LINE_OCTETS, Contact, contact_file
from events.core.text.markup import ENDS_A_LINE

MOMENT = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


def unfolded(card: bytes) -> list[str]:
    return card.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def value_of(card: bytes, field: str) -> str:
    (line,) = [line for line in unfolded(card) if line.split(":", 1)[0] == field]
    read, escaped = "", False
    for character in line.split(":", 1)[1]:
        if escaped:
            read += "\n" if character == "n" else character
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            read += character
    return read


def test_a_card_holds_what_it_is_given_and_no_more() -> None:
    card = contact_file(Contact("u1", "Dana de Wit", phone="+31612345678", email="dana@example.test"), MOMENT)
    assert unfolded(card) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "UID:u1",
        "FN:Dana de Wit",
        "N:de Wit;Dana;;;",
        "TEL:+31612345678",
        "EMAIL:dana@example.test",
        "REV:2026-11-25T20:00:00Z",
        "END:VCARD",
    ]


def test_what_somebody_typed_never_becomes_a_line_of_its_own() -> None:
    hostile = "Jansen; Bouw, \\Partners\nEND:VCARD\r\nBEGIN:VCARD\x0bX:y\u2028Z:q"
    card = contact_file(
        Contact("u1", "Dana", company=hostile, note=hostile, url="https://a.test/\r\nX:y"), MOMENT
    )
    lines = unfolded(card)
    assert [line.split(":", 1)[0] for line in lines] == [
        "BEGIN", "VERSION", "UID", "FN", "N", "ORG", "URL", "NOTE", "REV", "END",
    ]  # fmt: skip
    assert value_of(card, "ORG") == "Jansen; Bouw, \\Partners\nEND:VCARD\nBEGIN:VCARDX:yZ:q"


@given(st.text(min_size=1, max_size=300))
def test_lines_are_short_and_characters_whole(name: str) -> None:
    card = contact_file(Contact("u1", name), MOMENT)
    assert card.endswith(b"END:VCARD\r\n")
    for line in card.split(b"\r\n"):
        assert len(line) <= MAX_LINE_OCTETS
        line.decode()
    shown = name.replace("\r\n", "\n").replace("\r", "\n")
    kept = "\n".join(ENDS_A_LINE.sub("", one) for one in shown.split("\n"))
    assert value_of(card, "FN") == kept


@pytest.mark.parametrize(
    "name", ["\U0001f468\u200d\U0001f469\u200d\U0001f467 Bakker", "\u0645\u06cc\u200c\u062e", "Anna\u00a0B."]
)
def test_a_name_is_on_the_card_as_it_was_typed(name: str) -> None:
    assert value_of(contact_file(Contact("u1", name), MOMENT), "FN") == name

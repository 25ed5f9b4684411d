"""Phone numbers, meeting links and LinkedIn URLs: parsing and formatting."""

import pytest

from events.accounts.rules import format_phone, is_meeting_link, parse_linkedin, parse_phone

AMSTERDAM, BRUSSELS = "Europe/Amsterdam", "Europe/Brussels"


@pytest.mark.parametrize("typed", ["06 12345678", "0612345678", "+31 6 12 34 56 78", "0031612345678"])
def test_phone_numbers_are_parsed_as_people_write_them(typed: str) -> None:
    assert parse_phone(typed, AMSTERDAM) == "+31612345678"


def test_a_number_without_a_country_belongs_to_the_readers_country() -> None:
    typed = "0470 12 34 56"
    assert parse_phone(typed, BRUSSELS) == "+32470123456"
    assert parse_phone(typed, "Etc/UTC") is None


@pytest.mark.parametrize("typed", ["12", "koffie", "+31 6", "06 12345678 ext. 9", "+999 123456789", "０"])
def test_an_invalid_phone_number_is_none(typed: str) -> None:
    assert parse_phone(typed, AMSTERDAM) is None


def test_a_number_is_formatted_nationally_at_home_and_internationally_abroad() -> None:
    assert format_phone("+31612345678", AMSTERDAM) == "06 12345678"
    assert format_phone("+31612345678", BRUSSELS) == "+31 6 12345678"
    assert format_phone("", AMSTERDAM) == ""


@pytest.mark.parametrize("link", ["https://meet.example.nl/bram", "https://example.com:443/j/1?pwd=x"])
def test_a_meeting_link_is_a_plain_https_address(link: str) -> None:
    assert is_meeting_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example.nl/bram",
        "javascript:alert(1)",
        "https://localhost/room",
        "https://bank.example@evil.example/",
        "https://meet.example.nl:8443/",
        "https://meet.example.nl/a b",
        "https://meet.example.nl/\\evil",
        "https://xn--\u0430.example/",
        "https://[::1/",
        "meet.example.nl",
    ],
)
def test_other_texts_are_no_meeting_link(link: str) -> None:
    assert not is_meeting_link(link)


@pytest.mark.parametrize(
    "typed",
    ["linkedin.com/in/dana", "https://nl.linkedin.com/in/dana/", "HTTP://WWW.LinkedIn.com/in/dana?utm=x"],
)
def test_a_linkedin_url_is_parsed_in_every_copied_form(typed: str) -> None:
    assert parse_linkedin(typed) == "https://www.linkedin.com/in/dana"


@pytest.mark.parametrize(
    "typed",
    [
        "dana",
        "https://linkedin.com.evil.test/in/dana",
        "javascript:linkedin.com/in/dana",
        "linkedin.com/in/a b",
    ],
)
def test_an_invalid_linkedin_url_is_none(typed: str) -> None:
    assert parse_linkedin(typed) is None

"""Error responses: the right field is named once, and typed values are kept or not as the page
says.
"""

import pytest

from events.core.network.safe_fetch import FetchFailed, read_address
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage

STILL_HERE = "What you typed is still here."


def visitor_in_english(page: OpenPage) -> PageClient:
    visitor = page(None)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor


@pytest.mark.parametrize(
    ("fields", "claims"),
    [
        ({"name": "", "email": ""}, None),
        ({"name": "Eva", "email": ""}, STILL_HERE),
        ({"name": "", "email": "", "password": "koffie met melk"}, None),
        ({"name": "Eva", "email": "", "password": "koffie met melk"}, "except for the password"),
    ],
)
def test_that_what_was_typed_is_still_here_is_said_only_when_it_is(
    page: OpenPage, fields: dict[str, str], claims: str | None
) -> None:
    html = visitor_in_english(page).post("/sign-up", **fields).text
    assert ("still here" in html) == (claims is not None)
    assert claims is None or claims in html


def test_a_missing_field_is_named_in_one_sentence_and_once(page: OpenPage) -> None:
    html = visitor_in_english(page).post("/sign-up", name="", email="eva@example.test").text
    assert html.count("Fill in ‘Your name’.") == 1
    assert '<a href="#field-name">Your name</a>' in html


def test_a_form_whose_token_no_longer_fits_claims_nothing(page: OpenPage, cast: Cast) -> None:
    """As after signing in or out in another tab."""
    answer = page(cast.bram).client.post("/me", data={"name": "Bram", "csrf_token": "of another tab"})
    assert answer.status_code == 400
    assert "still here" not in answer.text
    assert "another tab" in answer.text


def test_an_address_that_only_takes_forms_says_so(page: OpenPage, cast: Cast) -> None:
    answer = page(cast.bram).get(f"/circles/{cast.circle.slug}/leave")
    assert answer.status_code == 405
    assert "still here" not in answer.text
    assert "the button that leads here" in answer.text


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://kalender.example:8443/bram.ics", "address_port"),
        ("ftp://kalender.example/bram.ics", "address_unusable"),
        ("https://", "address_unusable"),
    ],
)
def test_a_calendar_address_is_refused_for_the_reason_that_it_has(address: str, code: str) -> None:
    with pytest.raises(FetchFailed) as refused:
        read_address(address)
    assert refused.value.code == code

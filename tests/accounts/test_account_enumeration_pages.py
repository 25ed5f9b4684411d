"""Account enumeration by pages: the response is the same for known and unknown addresses."""

import re
from typing import Any

import pytest

from events.core.db.session import unit_of_work
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, Outbox


def plain(answer_text: str, *own: str) -> str:
    """The page without nonces and tokens, and without the reader's own input."""
    text = re.sub(r'(nonce|value|content)="[A-Za-z0-9_.\-]{16,}"', "", answer_text)
    for word in own:
        text = text.replace(word, "…")
    return text


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/sign-in", {"password": "not-this-one"}, 422),
        ("/sign-in", {"how": "link"}, 303),
        ("/sign-up", {"name": "Eva"}, 303),
        ("/livestreams/{slug}/guest", {"name": "Eva"}, 303),
    ],
)
def test_the_answer_does_not_tell_whether_an_address_is_known(
    page: OpenPage, cast: Cast, path: str, fields: dict[str, Any], status: int
) -> None:
    with unit_of_work() as db:
        slug = make_livestream(db, cast.circle, cast.anna, audience="public").slug
    told = []
    for email in (cast.bram.email, "nobody@example.test"):
        visitor = page(None)
        answer = visitor.post(path.format(slug=slug), email=email, **fields)
        assert answer.status_code == status
        headers = {name: value for name, value in answer.headers if name in {"Location", "Content-Type"}}
        following = visitor.get(headers["Location"]) if status == 303 else answer
        told.append((headers, plain(following.get_data(as_text=True), email)))
    assert told[0] == told[1]


def test_only_the_owner_of_an_address_learns_by_mail(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    for email in (cast.bram.email, "nobody@example.test"):
        page(None).post("/sign-in", email=email, how="link")
    assert [mail["To"].addresses[0].addr_spec for mail in outbox()] == [cast.bram.email]

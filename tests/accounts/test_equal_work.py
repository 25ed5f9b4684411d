"""A page that takes an address does the same work whether the address is known or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from events.accounts.models import User
from events.core import db
from tests.cast import Cast
from tests.doors import Page

Pages = Callable[[User | None], Page]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run inside, as they are written."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/sign-in", {"how": "link"}), ("/sign-up", {"name": "Eva", "password": "koffie met melk"})],
)
def test_known_and_unknown_addresses_cost_the_same_statements(
    page: Pages, cast: Cast, path: str, fields: dict[str, str]
) -> None:
    work = []
    for email in (cast.bram.email, "nobody@example.test"):
        with statements() as seen:
            assert page(None).post(path, email=email, **fields).headers["Location"] == "/check-mail"
        work.append(list(seen))
    assert work[0] == work[1]
    assert work[0]

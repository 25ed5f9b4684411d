"""Comparison of what one person sees in two situations that must not be told apart."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from events.accounts.models import User
from events.core.db.session import engine


def faceless(text: str, card: str, other: User) -> str:
    """A page without what differs by chance: ids, tokens, names and colours of a face."""
    for found in (card.rsplit("/", 1)[-1], other.id):
        text = text.replace(found, "ID")
    text = re.sub(r'(csrf_token" value="|nonce="|nonce-)[^"\'; ]+', r"\1", text)
    text = re.sub(r"avatar-[bcd]\b", "", text)
    text = re.sub(r'avatar([^"]*)"', 'avatar"', text)
    text = text.replace(other.name, "NAME").replace(f">{other.name[0]}<", ">N<")
    return re.sub(r"\?v=\w+", "", text)


@contextmanager
def listening() -> Iterator[list[str]]:
    """The statements of a block, without their values."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        heard.append(statement)

    event.listen(engine(), "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine(), "before_cursor_execute", hear)

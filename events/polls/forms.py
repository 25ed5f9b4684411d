"""Models of the poll frames and of the poll forms on pages."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from events.core.web.forms import Form, OpaqueId, line

MAX_OPTIONS = 6
Title = Annotated[str, line(160)]
Label = Annotated[str, line(80)]


def _lines(value: object) -> object:
    """One option a line; empty lines are skipped."""
    texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _check_labels(labels: list[str]) -> list[str]:
    if not 2 <= len(labels) <= MAX_OPTIONS:
        raise PydanticCustomError("bad_options", "two to six")
    if len({label.lower() for label in labels}) < len(labels):
        raise PydanticCustomError("bad_twice", "the same one twice")
    return labels


class Create(Form):
    title: Title
    options: Annotated[list[Label], BeforeValidator(_lines), AfterValidator(_check_labels)]


class Vote(Form):
    poll: OpaqueId
    option: OpaqueId


class Change(Form):
    poll: OpaqueId
    state: Literal["open", "closed"]


class VoteFromPage(Form):
    option: OpaqueId


class ChangeFromPage(Form):
    state: Literal["open", "closed"]

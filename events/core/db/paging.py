"""Pagination by page number, and search conditions on name columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, GenerativeSelect, or_
from sqlalchemy.orm import InstrumentedAttribute

ROWS_PER_PAGE = 25
MAX_PAGE_NUMBER = 10_000
MAX_SEARCH_WORDS = 5
Row = TypeVar("Row")
Query = TypeVar("Query", bound=GenerativeSelect)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, its number from 1 on, and whether there is a next page."""

    rows: list[Row]
    number: int
    more: bool

    @classmethod
    def of(cls, found: Iterable[Row], number: int) -> "Page[Row]":
        """A page of the rows that a query with `window` of the same number returned."""
        rows = list(islice(found, ROWS_PER_PAGE + 1))
        return cls(rows[:ROWS_PER_PAGE], number, len(rows) > ROWS_PER_PAGE)

    @classmethod
    def cut(cls, whole: Sequence[Row], number: int) -> "Page[Row]":
        """A page of a list that is in memory anyway."""
        return cls.of(whole[(number - 1) * ROWS_PER_PAGE :], number)


def window(query: Query, number: int) -> Query:
    """LIMIT and OFFSET of one page, plus one row that tells `Page.of` whether there is a next page."""
    return query.offset((number - 1) * ROWS_PER_PAGE).limit(ROWS_PER_PAGE + 1)


def matches(search: str, *columns: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    """Conditions that each word of a search occurs in one of the columns."""
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns))
        for word in search.split()[:MAX_SEARCH_WORDS]
    ]

"""Paging of lists: a window on a query by page number, and the conditions of a search by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, GenerativeSelect, or_
from sqlalchemy.orm import InstrumentedAttribute

ROWS_A_PAGE = 25
MAX_PAGE_NUMBER = 10_000
MAX_SEARCH_WORDS = 5
Row = TypeVar("Row")
Query = TypeVar("Query", bound=GenerativeSelect)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, its number from 1 on, and whether another follows."""

    rows: list[Row]
    number: int
    more: bool

    @classmethod
    def of(cls, found: Iterable[Row], number: int) -> "Page[Row]":
        """From what a query with `window` of the same number found."""
        rows = list(islice(found, ROWS_A_PAGE + 1))
        return cls(rows[:ROWS_A_PAGE], number, len(rows) > ROWS_A_PAGE)

    @classmethod
    def cut(cls, whole: Sequence[Row], number: int) -> "Page[Row]":
        """From a list that is read whole for another reason as well."""
        return cls.of(whole[(number - 1) * ROWS_A_PAGE :], number)


def window(query: Query, number: int) -> Query:
    """One page of an ordered query, and one row more, which tells `Page.of` that another page follows."""
    return query.offset((number - 1) * ROWS_A_PAGE).limit(ROWS_A_PAGE + 1)


def matches(search: str, *columns: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    """Conditions that each word of a search stands in one of the columns; none for an empty search."""
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns))
        for word in search.split()[:MAX_SEARCH_WORDS]
    ]

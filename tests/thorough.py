"""How long the checks may take: `make test` is for every commit, `make check-all` for what is called done."""

import os

import pytest

ALL = os.environ.get("CHECK_ALL") == "1"
MORE = 20  # times as many examples of a property

long = pytest.mark.long  # left out by `make test`


def examples(quick: int) -> int:
    return quick * MORE if ALL else quick

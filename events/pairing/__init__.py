"""Solver that decides who meets whom: pure functions, no database; SciPy loads on first use of `match`."""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Import `match` on first use, so that features load without SciPy (PEP 562)."""
    if name == "match":
        return import_module("events.pairing.solver").match
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

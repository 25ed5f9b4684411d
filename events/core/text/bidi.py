"""Bidirectional text (UAX #9): isolates right-to-left words in every page and mail.

Otherwise a Hebrew or Arabic name would reorder the numbers and punctuation beside it. Jinja passes
each value through `isolated`, so templates need no `<bdi>`; `text.unicode_cleaning` removes the
isolates from submitted forms. Markup is unchanged: its elements with user text have `dir="auto"`.
"""

import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def init_environment(environment: Environment) -> None:
    """Call it after Flask-Babel has installed its functions."""
    environment.finalize = isolated
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        environment.globals[name] = _isolating(environment.globals[name])


def isolated(value: Any) -> Any:
    """Wrap each line with a right-to-left letter in isolates; other values are returned unchanged."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isascii():
        return value
    if not _RIGHT_TO_LEFT.search(value):
        return value
    return "\n".join(
        f"{FIRST_STRONG_ISOLATE}{line}{POP_ISOLATE}" if _RIGHT_TO_LEFT.search(line) else line
        for line in value.split("\n")
    )


def _isolating(translate: Any) -> Callable[..., Any]:
    @pass_context
    def say(context: Context, *sentences: Any, **values: Any) -> Any:
        return translate(context, *sentences, **{name: isolated(value) for name, value in values.items()})

    return say

"""Pure rules about mail that came back: what was written now, what a bounce means, and bounds."""

from events.coffees.rules import KEPT
from events.replies.rules.returns import kind_of
from events.replies.rules.stamps import stamp
from events.replies.rules.trimming import conceal, trim

__all__ = [
    "LONGEST",
    "MOST_A_DAY",
    "MOST_REFUSALS",
    "REACHABLE",
    "conceal",
    "cut",
    "kind_of",
    "stamp",
    "trim",
]
REACHABLE = ("proposed", *KEPT, "cancelled")  # coffees; not declined: a silent no stays silent
LONGEST = 5000  # characters that are passed on
MOST_A_DAY = 20  # answers of one person in one conversation; more is a program talking to a program
MOST_REFUSALS = 3  # a day to one person


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"

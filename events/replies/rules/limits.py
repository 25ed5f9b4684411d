"""Limits of forwarded replies: states of a coffee, length and numbers a day."""

from events.coffees.rules import PAST_OR_AGREED

REACHABLE = ("proposed", *PAST_OR_AGREED, "cancelled")  # coffees; not declined: a silent no stays silent
MAX_FORWARDED_LENGTH = 5000  # characters that are passed on
MAX_PER_DAY = 20  # answers of one person in one conversation; more is a program talking to a program
MAX_REFUSALS_PER_DAY = 3  # a day to one person


def cut(text: str) -> str:
    return text if len(text) <= MAX_FORWARDED_LENGTH else text[: MAX_FORWARDED_LENGTH - 1].rstrip() + "…"

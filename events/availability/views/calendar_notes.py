"""Sentences about calendar entries that were skipped or counted as busy."""

from collections.abc import Callable

from flask_babel import ngettext

_SENTENCES: dict[str, Callable[[int], str]] = {
    "no_start": lambda count: ngettext(
        "%(num)s entry was not read: it doesn't say when it begins.",
        "%(num)s entries were not read: they don't say when they begin.",
        count,
    ),
    "unclear_time": lambda count: ngettext(
        "The time of %(num)s entry can't be read in full. It counts as busy.",
        "The times of %(num)s entries can't be read in full. They count as busy.",
        count,
    ),
    "unclear_end": lambda count: ngettext(
        "%(num)s entry doesn't say when it ends. It counts as busy for an hour, or for its day.",
        "%(num)s entries don't say when they end. They count as busy for an hour, or for their day.",
        count,
    ),
    "unclear_rule": lambda count: ngettext(
        "We can't read how %(num)s series repeats. Its time counts as busy every day.",
        "We can't read how %(num)s series repeat. Their times count as busy every day.",
        count,
    ),
    "unclear_date": lambda count: ngettext(
        "%(num)s series names a date that can't be read. What it may leave out counts as busy.",
        "%(num)s series name a date that can't be read. What they may leave out counts as busy.",
        count,
    ),
    "too_often": lambda count: ngettext(
        "%(num)s series repeats more often than we can read. You count as busy as long as it lasts.",
        "%(num)s series repeat more often than we can read. You count as busy as long as they last.",
        count,
    ),
    "unknown_zone": lambda count: ngettext(
        "%(num)s entry names a time zone that we don't know. We read it by the clock of your calendar.",
        "%(num)s entries name a time zone that we don't know. We read them by the clock of your calendar.",
        count,
    ),
}


def note_sentences(notes: dict[str, int]) -> list[str]:
    """One sentence per kind, in a fixed order."""
    return [say(notes[kind]) for kind, say in _SENTENCES.items() if notes.get(kind)]

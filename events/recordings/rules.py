"""Seconds of a film as people write them, its chapters, and which moment was live at which second."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.core.errors import Invalid
from events.core.text.markup import clock_text

MAX_DURATION_SECONDS = 24 * 3600  # seconds a film may last
MAX_CHAPTERS = 60
MAX_TITLE_LENGTH = 120
MAX_DIGITS = 9
MAX_SUMMARY_LINES = 3
MAX_SUMMARY_LINE_LENGTH = 180
FINISHED_FRACTION = 0.95  # of the length: the rest is farewells
PLAUSIBLE_RATIO = (0.25, 2.0)  # times the livestream: films are cut, or run on before and after
PLAUSIBLE_SECONDS = (60, 10 * 3600)  # seconds; where nobody knows how long the livestream took
MIN_RESUME_SECONDS = 10  # seconds; who left earlier begins anew

_CLOCK = re.compile(r"([-−–]?)(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")
_CHAPTER = re.compile(r"((?:[0-9]{1,2}:)?[0-9]{1,3}:[0-5][0-9])[\s.–—-]+(\S.*)")


def parse_clock(text: str) -> int:
    """ "12:34" and "1:12:34" as seconds, with a minus before it when the film began later; else bad_clock."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise Invalid("bad_clock")
    hours, minutes, seconds = int(found[2] or 0), int(found[3]), int(found[4])
    total = hours * 3600 + minutes * 60 + seconds
    if total > MAX_DURATION_SECONDS or (found[2] and minutes > 59):
        raise Invalid("bad_clock")
    return -total if found[1] else total


def parse_chapters(text: str) -> list[tuple[int, str]]:
    """Lines of `mm:ss title`, in order and each second once; bad_chapters for any other line."""
    found: dict[int, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = _CHAPTER.fullmatch(line)
        if parts is None or len(parts[2]) > MAX_TITLE_LENGTH:
            raise Invalid("bad_chapters", fields=[("chapters", "bad_chapters")])
        try:
            found.setdefault(parse_clock(parts[1]), parts[2])
        except Invalid:
            raise Invalid("bad_chapters", fields=[("chapters", "bad_chapters")]) from None
    if len(found) > MAX_CHAPTERS:
        raise Invalid("too_many_chapters", fields=[("chapters", "too_many_chapters")])
    return sorted(found.items())


def chapters_text(chapters: Iterable[tuple[int, str]]) -> str:
    return "\n".join(f"{clock_text(second)} {title}" for second, title in chapters)


def parse_summary(text: str) -> list[str]:
    """At most three lines, "in short"; signs of a list before them fall away."""
    lines = [re.sub(r"^\s*(?:[-*•]|[0-9][.)])\s+", "", line).strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MAX_SUMMARY_LINES or any(len(line) > MAX_SUMMARY_LINE_LENGTH for line in lines):
        raise Invalid("summary_too_long", fields=[("summary", "summary_too_long")])
    return lines


@dataclass(frozen=True)
class MediaPosition:
    """Which page of the chat: at a second of the film, from a line on, or before one; else the beginning."""

    second: int | None = None
    first: int | None = None
    before: int | None = None


def parse_position(asked: Mapping[str, str]) -> MediaPosition:
    """The page of the chat that an address asks for; what is no number asks for nothing."""
    numbers = (parse_number(asked.get(name, "")) for name in ("t", "from", "until"))
    return MediaPosition(*numbers)


def parse_number(text: str) -> int | None:
    """A number of an address: a second of the film, or that of a line; None when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else None


def zero_at_of(went_live_at: datetime, offset: int) -> datetime:
    """The moment of the film's second 0, when going live is at second `offset` of the film."""
    return went_live_at - timedelta(seconds=offset)


def offset_of(went_live_at: datetime, zero_at: datetime) -> int:
    return round((went_live_at - zero_at).total_seconds())


def second_of(moment: datetime, zero_at: datetime) -> int:
    """At which second of the film this was live; what came before the film counts as its beginning."""
    return max(0, int((moment - zero_at).total_seconds()))


def is_plausible(length: int, lasted: int | None) -> bool:
    """Whether a film of `length` seconds may show a livestream of `lasted`, None when unknown."""
    least, most = (
        (PLAUSIBLE_RATIO[0] * lasted, PLAUSIBLE_RATIO[1] * lasted)
        if lasted is not None
        else PLAUSIBLE_SECONDS
    )
    return least <= length <= most


def is_finished(second: int, length: int | None) -> bool:
    return bool(length) and second >= (length or 0) * FINISHED_FRACTION

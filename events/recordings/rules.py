"""Pure rules of recordings: video times, chapters, chat alignment and plausible lengths."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.core.errors import Invalid
from events.core.text.markup import clock_text
from events.livestreams.models import Livestream
from events.recordings.models import Progress, Recording

MAX_DURATION_SECONDS = 24 * 3600
MAX_CHAPTERS = 60
MAX_TITLE_LENGTH = 120
MAX_DIGITS = 9
MAX_SUMMARY_LINES = 3
MAX_SUMMARY_LINE_LENGTH = 180
FINISHED_FRACTION = 0.95  # of the length; the rest is farewells
PLAUSIBLE_RATIO = (0.25, 2.0)  # times the livestream's duration: videos are cut, or run longer
PLAUSIBLE_SECONDS = (60, 10 * 3600)  # seconds; if the livestream's duration is unknown
MIN_RESUME_SECONDS = 10  # below this, playback starts at the beginning

_CLOCK = re.compile(r"([-−–]?)(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")
_CHAPTER = re.compile(r"((?:[0-9]{1,2}:)?[0-9]{1,3}:[0-5][0-9])[\s.–—-]+(\S.*)")


def parse_clock(text: str) -> int:
    """Seconds from "12:34" or "1:12:34", negative with a minus. Raises Invalid (bad_clock)."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise Invalid("bad_clock")
    hours, minutes, seconds = int(found[2] or 0), int(found[3]), int(found[4])
    total = hours * 3600 + minutes * 60 + seconds
    if total > MAX_DURATION_SECONDS or (found[2] and minutes > 59):
        raise Invalid("bad_clock")
    return -total if found[1] else total


def parse_chapters(text: str) -> list[tuple[int, str]]:
    """(second, title) from lines of `mm:ss title`, sorted, one per second. Raises Invalid
    (bad_chapters)."""
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
    """At most three lines, without list markers."""
    lines = [re.sub(r"^\s*(?:[-*•]|[0-9][.)])\s+", "", line).strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MAX_SUMMARY_LINES or any(len(line) > MAX_SUMMARY_LINE_LENGTH for line in lines):
        raise Invalid("summary_too_long", fields=[("summary", "summary_too_long")])
    return lines


@dataclass(frozen=True)
class MediaPosition:
    """The requested chat page: at a second, from a message on, or before one; else the first."""

    second: int | None = None
    first: int | None = None
    before: int | None = None


def parse_position(asked: Mapping[str, str]) -> MediaPosition:
    """Invalid numbers in the query string are ignored."""
    numbers = (parse_number(asked.get(name, "")) for name in ("t", "from", "until"))
    return MediaPosition(*numbers)


def parse_number(text: str) -> int | None:
    """A non-negative integer from a query string, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else None


def zero_at_of(went_live_at: datetime, offset: int) -> datetime:
    """The time of the video's second 0, when the livestream began at second `offset`."""
    return went_live_at - timedelta(seconds=offset)


def offset_of(went_live_at: datetime, zero_at: datetime) -> int:
    return round((went_live_at - zero_at).total_seconds())


def second_of(moment: datetime, zero_at: datetime) -> int:
    """The video second that was live at that time; 0 for anything earlier."""
    return max(0, int((moment - zero_at).total_seconds()))


def is_plausible(length: int, lasted: int | None) -> bool:
    """Whether a video of `length` seconds fits a livestream of `lasted` seconds (None: unknown)."""
    least, most = (
        (PLAUSIBLE_RATIO[0] * lasted, PLAUSIBLE_RATIO[1] * lasted)
        if lasted is not None
        else PLAUSIBLE_SECONDS
    )
    return least <= length <= most


def is_finished(second: int, length: int | None) -> bool:
    return bool(length) and second >= (length or 0) * FINISHED_FRACTION


def length_of(recording: Recording, livestream: Livestream) -> int | None:
    """Seconds of video: as a player reported, else as long as the livestream lasted."""
    if recording.length is not None or recording.zero_at is None or livestream.ended_at is None:
        return recording.length
    return second_of(livestream.ended_at, recording.zero_at) or None


def resume_second(progress: Progress | None) -> int:
    """Where playback resumes; 0 for the beginning."""
    if progress is None or progress.finished or progress.second < MIN_RESUME_SECONDS:
        return 0
    return progress.second

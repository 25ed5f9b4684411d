"""Parser and formatter of the agenda: one title a line, with an optional time in front."""

import re
from collections.abc import Iterable
from datetime import time

from events.core.errors import Invalid
from events.livestreams.models import AgendaItem
from events.livestreams.rules.schedule import MAX_DURATION_MINUTES

MAX_ITEMS = 40
MAX_TITLE_LENGTH = 120
DAY = 24 * 60  # minutes
_TIMED = re.compile(r"(\d{1,2})[:.](\d{2})(?!\d)[\s,:–-]+(\S.*)")
_COUNTED = re.compile(r"(\d{1,3})[\s.,:–-]+(\S.*)")


def parse_agenda(text: str, *, start: time = time(), length: int = 60) -> list[tuple[int, str]]:
    """Items as (minutes after the start, title), by minute. Raises Invalid (`bad_agenda`).

    A time is 0:20 after the start or 20:20 on the clock. A bare number counts as minutes only if
    every line has one, so that "3 tips" can be a title. Untimed lines share the time between their
    neighbours equally.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    counted = all(_TIMED.fullmatch(line) or _COUNTED.fullmatch(line) for line in lines)
    items = [_item(line, start, length, counted=counted) for line in lines]
    if len(items) > MAX_ITEMS or any(len(title) > MAX_TITLE_LENGTH for _minute, title in items):
        raise _refused()
    return sorted(_spread(items, length), key=lambda item: item[0])


def agenda_text(items: Iterable[AgendaItem]) -> str:
    """Times are relative to the start, so they stay right when it moves."""
    return "\n".join(f"{item.minute // 60}:{item.minute % 60:02} {item.title}" for item in items)


def _item(line: str, start: time, length: int, *, counted: bool) -> tuple[int | None, str]:
    timed = _TIMED.fullmatch(line)
    if timed is not None:
        return _minute(int(timed[1]), int(timed[2]), start, length), timed[3]
    found = _COUNTED.fullmatch(line) if counted else None
    if found is None:
        return None, line
    if int(found[1]) > MAX_DURATION_MINUTES:
        raise _refused()
    return int(found[1]), found[2]


def _minute(hours: int, minutes: int, start: time, length: int) -> int:
    """Relative to the start if within the duration, else a time of day."""
    after = hours * 60 + minutes
    by_the_clock = (after - start.hour * 60 - start.minute) % DAY
    for minute in (after, by_the_clock):
        if minute <= length:
            return minute
    if minutes > 59 or after > MAX_DURATION_MINUTES:
        raise _refused()
    return after


def _spread(items: list[tuple[int | None, str]], length: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    place = 0
    while place < len(items):
        minute, title = items[place]
        if minute is not None:
            found.append((minute, title))
            place += 1
            continue
        end = next((at for at in range(place, len(items)) if items[at][0] is not None), len(items))
        until = items[end][0] if end < len(items) else length
        since = found[-1][0] if found else 0
        waiting = end - place
        parts = waiting + 1 if found else waiting  # the first item begins at the start
        room = max(until - since, 0) if until is not None else 0
        for number in range(waiting):
            step = number + 1 if found and parts > waiting else number
            found.append((since + room * step // parts, items[place + number][1]))
        place = end
    return found


def _refused() -> Invalid:
    return Invalid("bad_agenda", fields=[("agenda", "bad_agenda")])

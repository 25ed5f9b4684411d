"""The states of a livestream and the steps between them; nothing else changes a state."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One way on: from any of these states to that one."""

    before: frozenset[str]
    after: str


def _step(before: str, after: str) -> Step:
    return Step(frozenset(before.split()), after)


STEPS = {
    "publish": _step("draft", "announced"),
    "open_lobby": _step("announced", "lobby"),
    "close_lobby": _step("lobby", "announced"),  # its time was moved away
    "start": _step("announced lobby", "live"),
    "return_to_lobby": _step("live", "lobby"),  # a start by mistake
    "pause": _step("live", "paused"),
    "resume": _step("paused", "live"),
    "end": _step("live paused", "ended"),
    "show_replay": _step("ended", "replay"),
    "hide_replay": _step("replay", "ended"),
    "cancel": _step("draft announced lobby live paused", "cancelled"),
}
ON_AIR = ("live", "paused")
GATHERED = ("lobby", *ON_AIR)  # people are there at the same time
UPCOMING = ("announced", "lobby")
OPEN = (*UPCOMING, *ON_AIR)  # one can still come
OVER = ("ended", "replay")
GONE = (*OVER, "cancelled")


def is_done(step: str, state: str) -> bool:
    """Whether the step has led here already, so that asking again changes nothing."""
    return state == STEPS[step].after

"""State machine of a livestream: states and allowed transitions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One transition: from any of the states `before` to `after`."""

    before: frozenset[str]
    after: str


def _step(before: str, after: str) -> Step:
    return Step(frozenset(before.split()), after)


STEPS = {
    "publish": _step("draft", "announced"),
    "open_lobby": _step("announced", "lobby"),
    "close_lobby": _step("lobby", "announced"),  # the start was moved to later
    "start": _step("announced lobby missed", "live"),
    "return_to_lobby": _step("live", "lobby"),  # started by mistake
    "pause": _step("live", "paused"),
    "resume": _step("paused", "live"),
    "end": _step("live paused", "ended"),
    "undo_end": _step("ended", "live"),  # ended by mistake
    "miss": _step("announced lobby", "missed"),  # nobody started it
    "replan": _step("missed", "announced"),  # moved to another time
    "hold": _step("announced lobby missed", "ended"),  # it was held elsewhere
    "show_replay": _step("ended", "replay"),
    "hide_replay": _step("replay", "ended"),
    "cancel": _step("draft announced lobby live paused missed", "cancelled"),
}
ON_AIR = ("live", "paused")
GATHERED = ("lobby", *ON_AIR)  # people are present together
UPCOMING = ("announced", "lobby")
OPEN = (*UPCOMING, *ON_AIR)  # registration is possible
OVER = ("ended", "replay")
GONE = (*OVER, "missed", "cancelled")


def is_done(step: str, state: str) -> bool:
    """Whether the transition already took effect, so that repeating it is harmless."""
    return state == STEPS[step].after

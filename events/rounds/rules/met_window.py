"""Pure rules of having met: how long it counts, and which reason says so truthfully."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

UNKNOWN_PERIOD = timedelta(days=30)  # an agreed coffee that nobody told about
HISTORY_CODES = {"new", "met_before"}  # the solver's words for a pair with nothing else in common

Pair = frozenset[str]


@dataclass(frozen=True)
class MetWindow:
    """Two people who met are paired again after so many rounds or so long, whichever comes first."""

    rounds: int
    period: timedelta

    def begins_at(self, at: datetime, published: list[datetime]) -> datetime:
        """First start that still counts at `at`; `published`: earlier rounds of the circle, newest first."""
        by_time = at - self.period
        return max(by_time, published[self.rounds - 1]) if len(published) >= self.rounds else by_time


MET_WINDOWS: Mapping[str, MetWindow] = {
    "three": MetWindow(3, timedelta(days=183)),
    "six": MetWindow(6, timedelta(days=365)),
    "twelve": MetWindow(12, timedelta(days=730)),
}


@dataclass(frozen=True)
class Meetings:
    """Latest start by pair: `told` of coffees that took place, `unknown` of agreed ones without a word
    about them.
    """

    told: Mapping[Pair, datetime]
    unknown: Mapping[Pair, datetime]

    def counted(self, since: datetime, at: datetime) -> set[Pair]:
        """Pairs who count as having met at `at`."""
        told = {pair for pair, start in self.told.items() if start >= since}
        return told | {pair for pair, start in self.unknown.items() if start >= at - UNKNOWN_PERIOD}

    def describe(
        self, reasons: Iterable[Mapping[str, str]], user_id: str, counted: Collection[Pair]
    ) -> list[dict[str, str]]:
        """Reasons of a person with a true word about earlier meetings; `counted`: pairs who count as met."""
        return [
            {**reason, "code": self._history_code(frozenset((user_id, reason["with"])), counted)}
            if reason["code"] in HISTORY_CODES and "with" in reason
            else {**reason}
            for reason in reasons
        ]

    def _history_code(self, pair: Pair, counted: Collection[Pair]) -> str:
        """`met_before` only of people who met; neither claim about those of whom it is unknown."""
        if pair in self.told:
            return "met_before" if pair in counted else "met_earlier"
        return "unknown" if pair in self.unknown else "new"

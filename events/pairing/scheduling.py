"""Start times and forms of planned coffees: free times of each person, with booked ones removed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from events.pairing.problem import Person

MAX_ALTERNATIVES = 3


class FreeTimes:
    """Free starts of each person; booking one removes all starts that overlap it."""

    def __init__(self, people: Sequence[Person], slot_minutes: int) -> None:
        self._slot = timedelta(minutes=slot_minutes)
        self._free = {person.id: set(person.free) for person in people}

    def free(self, person: Person) -> set[datetime]:
        return self._free[person.id]

    def common(self, group: Sequence[Person]) -> list[datetime]:
        return sorted(set.intersection(*(self._free[person.id] for person in group)))

    def best_start(self, group: Sequence[Person]) -> datetime:
        """Earliest common start; for people who want more coffees, the one that blocks fewest of their
        other starts.
        """
        busy = [person for person in group if person.coffees > 1]
        return min(self.common(group), key=lambda start: (self._blocked(busy, start), start))

    def book(self, group: Sequence[Person], start: datetime) -> None:
        for person in group:
            free = self._free[person.id]
            free -= {other for other in free if abs(other - start) < self._slot}

    def _blocked(self, group: Sequence[Person], start: datetime) -> int:
        return sum(abs(other - start) < self._slot for person in group for other in self._free[person.id])


def alternatives(common: Sequence[datetime]) -> tuple[datetime, ...]:
    """Earliest start on as many different days as possible, then the earliest of the rest."""
    first = list({start.date(): start for start in reversed(common)}.values())
    rest = [start for start in common if start not in first]
    return tuple(sorted([*first, *rest][:MAX_ALTERNATIVES]))


def best_form(group: Sequence[Person]) -> str:
    """Form with the lowest sum of ranks in everyone's list; ties by name."""
    common = set.intersection(*(set(person.forms) for person in group))
    return min(common, key=lambda form: (sum(person.forms.index(form) for person in group), form))

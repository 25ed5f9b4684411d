"""The demo circle: people, livestreams and coffees to look around in. Only in development."""

from events.seed.run import PASSWORD, RealPeople, sow

__all__ = ["PASSWORD", "RealPeople", "sow"]

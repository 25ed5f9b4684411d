"""A simulated year of a circle: real actions and jobs, a movable clock, people by stated assumptions."""

from events.seed.year.run import AlreadyThere, Report, simulate

__all__ = ["AlreadyThere", "Report", "simulate"]

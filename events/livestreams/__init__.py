"""Livestreams: their schedule, their source, and the states they go through."""

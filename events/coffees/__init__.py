"""Coffees: the life of one meeting, from proposal to what came of it."""

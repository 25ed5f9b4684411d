"""Calls: the check room, and two people in one call."""

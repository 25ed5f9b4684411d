"""Recordings: the film afterwards, with the chat in sync."""

"""Presence: who is at a livestream now, and how long each was there."""

"""Presence: who watches a livestream, and for how long."""

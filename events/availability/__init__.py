"""Availability: who is busy when, and which times are free."""

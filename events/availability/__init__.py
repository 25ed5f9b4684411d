"""Availability: busy times, usual hours and free times."""

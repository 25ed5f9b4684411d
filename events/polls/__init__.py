"""Polls: one question with options; results after voting."""

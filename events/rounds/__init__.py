"""Matching: rounds, saying yes, and who meets whom."""

"""Handbooks: the circle's book, with the rhythm of its year, who does what, and who holds which account."""

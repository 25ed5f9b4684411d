"""Exports: lists of a circle as CSV files for its team. Reads all; writes only that it was done."""

"""Rows for tests: plain typed functions, one file a feature."""

"""The servers that are measured: ours, and what it is held against."""

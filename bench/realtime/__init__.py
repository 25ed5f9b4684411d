"""Benchmarks of the realtime part: many viewers of one room, each delivery checked, beside references."""

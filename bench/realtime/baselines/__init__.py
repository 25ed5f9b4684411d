"""Servers of the realtime benchmarks: the product and its references."""

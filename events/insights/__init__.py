"""Insights: reports that count conversations. Reads all, changes nothing."""

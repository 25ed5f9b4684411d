"""Feature `quick_calls`: two members of a circle who both have a quarter of an hour now talk at once."""

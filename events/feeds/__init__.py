"""Feeds: one person's livestreams and coffees as a calendar that other programs subscribe to."""

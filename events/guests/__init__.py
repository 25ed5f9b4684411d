"""Guests of a circle's livestreams: the circle's rules, members' own links, and joining afterwards."""

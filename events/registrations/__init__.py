"""Places at a livestream: who comes, and the guests."""

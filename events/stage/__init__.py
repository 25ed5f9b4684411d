"""The composed pages of a livestream: one address in all its states, and the desk."""

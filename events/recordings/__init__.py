"""Recordings of livestreams, with the chat synchronised to the video."""

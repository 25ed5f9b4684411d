"""Livestreams: schedule, video source and lifecycle states."""

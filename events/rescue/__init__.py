"""Rescue: someone waits in a call and nobody comes; what can still be made of it."""

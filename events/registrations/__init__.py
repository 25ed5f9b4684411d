"""Registrations for livestreams, of members and guests."""

"""Circles: groups with roles, invitations and a list of topics."""

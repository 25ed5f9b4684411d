"""Circles: groups with roles, invitations and topics."""

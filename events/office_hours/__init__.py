"""Feature `office_hours`: times that host, speaker and team offer to members after a livestream."""

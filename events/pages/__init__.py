"""Pages that belong to no feature alone: home, Today, privacy, health."""

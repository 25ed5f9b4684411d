"""Chat: what is said in a room, in one order, never lost."""

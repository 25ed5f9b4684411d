"""Chat rooms: numbered, durable entries in one order."""

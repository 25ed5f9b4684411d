"""The room under load: many viewers on plain sockets, every delivery checked, references beside it."""

"""Pure rules about livestreams: no database, no clock, no request."""

"""Messages of a circle's team, by mail, to the people of a livestream or of the circle."""

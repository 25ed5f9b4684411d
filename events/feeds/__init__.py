"""Feature `feeds`: a personal iCalendar feed of livestreams and coffees."""

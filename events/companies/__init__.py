"""Feature `companies`: the companies of a circle, and handing a coffee on to a colleague."""

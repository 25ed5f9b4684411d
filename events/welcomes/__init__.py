"""Feature `welcomes`: a newcomer's first coffee, with a member who has been there longer."""

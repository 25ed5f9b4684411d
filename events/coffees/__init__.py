"""Feature `coffees`: one meeting of two or three people, from proposal to outcome."""

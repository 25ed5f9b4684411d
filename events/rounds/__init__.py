"""Feature `rounds`: coffee rounds, opt-ins, drafts and the publication of matched coffees."""

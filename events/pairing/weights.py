"""Score constants of the solver, without NumPy, so that features above can import them."""

MAX_COUNTED = 3  # more asks met, or more things shared, add nothing
BENEFIT_FLOOR = 0.05  # below every benefit: a first coffee gains most for those who had least
BASE_BENEFIT = 0.15  # of any new partner
ASKS_MET_BENEFIT = (0.0, 0.36, 0.52, 0.60)  # by number of asks met, 0 to MAX_COUNTED
SHARED_BENEFIT = (0.0, 0.12, 0.20, 0.25)  # by number of shared topics and interactions

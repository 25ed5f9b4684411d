"""Benefit of a coffee to one person, on the scale of the solver's scores."""

from collections.abc import Iterable, Mapping

from events.pairing.weights import ASKS_MET_BENEFIT, BASE_BENEFIT, MAX_COUNTED, SHARED_BENEFIT

NOT_SHARED_CODES = {"offers", "asks", "new", "met_before"}


def benefit(reasons: Iterable[Mapping[str, object]]) -> float:
    """Between 0.15 and 1. Uses the constants of the solver, so that `need` weighs what people received."""
    codes = [reason.get("code") for reason in reasons]
    met = min(MAX_COUNTED, codes.count("offers"))
    shared = min(MAX_COUNTED, sum(code not in NOT_SHARED_CODES for code in codes))
    return BASE_BENEFIT + ASKS_MET_BENEFIT[met] + SHARED_BENEFIT[shared]

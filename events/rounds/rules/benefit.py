"""Benefit of a coffee to one person, on the scale of the solver's scores."""

from collections.abc import Iterable, Mapping

from events.pairing import weights

NOT_SHARED_CODES = {"offers", "asks", "new", "met_before"}


def benefit(reasons: Iterable[Mapping[str, object]]) -> float:
    """At least 0.04. Uses the constants of the solver, so that `need` weighs what people received; the
    topics of reasons count as usual ones.
    """
    codes = [reason.get("code") for reason in reasons]
    return weights.benefit(codes.count("offers"), sum(code not in NOT_SHARED_CODES for code in codes))

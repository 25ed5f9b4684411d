"""Signal of companies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ColleagueAsked:
    """Somebody would hand a coffee on to a colleague; one that is held reaches nobody."""

    handover_id: str

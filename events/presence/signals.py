"""What happens at the door of a livestream."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reacted:
    """Somebody applauded, liked or had an idea: `kind` is applause, heart or idea. It is kept nowhere."""

    livestream_id: str
    kind: str

"""What happens to questions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuestionChanged:
    """Asked, voted, put on the stage, answered or hidden."""

    livestream_id: str
    question_id: str

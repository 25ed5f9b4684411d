"""Signals of questions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuestionChanged:
    """Asked, voted on, put on stage, answered or hidden."""

    livestream_id: str
    question_id: str

"""Signals of questions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuestionChanged:
    """Asked, voted on, put on stage, answered or hidden."""

    livestream_id: str
    question_id: str


@dataclass(frozen=True)
class QuestionAskedLate:
    """Asked after the end: nobody is at the desk."""

    livestream_id: str
    question_id: str


@dataclass(frozen=True)
class QuestionAnswered:
    """A written answer after the end, which the asker may not see by themselves."""

    livestream_id: str
    question_id: str
    by_id: str | None

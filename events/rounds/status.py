"""Status table of a round for one person: which sentence and action fit the status and the facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum, auto


class PanelStatus(StrEnum):
    """Distance of one person to a coffee of a round; `before` and `over` have no round to answer to."""

    BEFORE = "before"  # the livestream has not ended
    OPEN = "open"
    OPTED_IN = "opted_in"  # can be changed
    ON_HOLD = "on_hold"  # its livestream went on after all
    CLOSED = "closed"  # too late, and not opted in
    PENDING = "pending"  # opted in; nothing is known before `publish_at`
    LATE = "late"  # published, and late opt-ins are accepted
    WAITING = "waiting"  # for another coffee, or after a late opt-in, until `notify_by`
    COFFEE = "coffee"
    UNMATCHED = "unmatched"
    AGAIN = "again"  # the coffee is off by this person; another is offered once more
    OVER = "over"


class Fact(Flag):
    """Facts beside the status that choose among its sentences and actions."""

    NONE = 0
    SAID_YES = auto()
    ASKED_TIME = auto()  # one more time, which can be answered
    NEXT_KNOWN = auto()  # the circle's next livestream
    AFTER_LIVESTREAM = auto()


class PanelSentence(StrEnum):
    """Names of the macros in `templates/rounds/_panel_sentences.html`."""

    BEFORE = "before"
    UNTIL = "until"
    HEARS_BY = "hears_by"
    HELD = "held"
    HELD_YES = "held_yes"
    CLOSED_HEARS_BY = "closed_hears_by"
    CLOSED = "closed"
    LATE = "late"
    AGAIN = "again"
    WAITING = "waiting"
    COFFEE = "coffee"
    NO_COMMON_TIME = "no_common_time"
    FIRST_ON = "first_on"
    FIRST_NEXT_TIME = "first_next_time"
    OVER_UNTIL = "over_until"
    OVER_LIVESTREAM = "over_livestream"
    OVER = "over"


class PanelAction(StrEnum):
    """The one button of the panel; names of macros in `templates/rounds/_panel_actions.html`."""

    SAY_YES = "say_yes"
    SAY_YES_AGAIN = "say_yes_again"
    SEE_COFFEE = "see_coffee"
    ANSWER_TIME = "answer_time"
    NONE = ""


@dataclass(frozen=True)
class PanelRow:
    """A sentence before the button, a note after it; `yes` shows the reader's yes, `change` a link to it."""

    sentence: PanelSentence | None = None
    action: PanelAction = PanelAction.NONE
    note: PanelSentence | None = None
    soft: bool = False
    yes: bool = False
    change: bool = False


def _row(sentence: PanelSentence, *, soft: bool = False) -> PanelRow:
    return PanelRow(sentence, soft=soft)


Choices = tuple[tuple[Fact, PanelRow], ...]  # the first whose facts all hold is taken

STATUS_TABLE: Mapping[PanelStatus, Choices] = {
    PanelStatus.BEFORE: ((Fact.NONE, _row(PanelSentence.BEFORE, soft=True)),),
    PanelStatus.OPEN: ((Fact.NONE, PanelRow(action=PanelAction.SAY_YES, note=PanelSentence.UNTIL)),),
    PanelStatus.OPTED_IN: ((Fact.NONE, PanelRow(note=PanelSentence.HEARS_BY, yes=True, change=True)),),
    PanelStatus.ON_HOLD: (
        (Fact.SAID_YES, PanelRow(note=PanelSentence.HELD_YES, yes=True)),
        (Fact.NONE, _row(PanelSentence.HELD, soft=True)),
    ),
    PanelStatus.PENDING: ((Fact.NONE, PanelRow(note=PanelSentence.CLOSED_HEARS_BY, yes=True)),),
    PanelStatus.CLOSED: ((Fact.NONE, _row(PanelSentence.CLOSED, soft=True)),),
    PanelStatus.LATE: ((Fact.NONE, PanelRow(action=PanelAction.SAY_YES, note=PanelSentence.LATE)),),
    PanelStatus.AGAIN: ((Fact.NONE, PanelRow(action=PanelAction.SAY_YES_AGAIN, note=PanelSentence.AGAIN)),),
    PanelStatus.WAITING: ((Fact.NONE, _row(PanelSentence.WAITING)),),
    PanelStatus.COFFEE: ((Fact.NONE, PanelRow(PanelSentence.COFFEE, PanelAction.SEE_COFFEE)),),
    PanelStatus.UNMATCHED: (
        (Fact.ASKED_TIME, PanelRow(PanelSentence.NO_COMMON_TIME, PanelAction.ANSWER_TIME)),
        (Fact.NEXT_KNOWN, _row(PanelSentence.FIRST_ON)),
        (Fact.NONE, _row(PanelSentence.FIRST_NEXT_TIME)),
    ),
    PanelStatus.OVER: (
        (Fact.AFTER_LIVESTREAM | Fact.NEXT_KNOWN, _row(PanelSentence.OVER_UNTIL, soft=True)),
        (Fact.AFTER_LIVESTREAM, _row(PanelSentence.OVER_LIVESTREAM, soft=True)),
        (Fact.NONE, _row(PanelSentence.OVER, soft=True)),
    ),
}


def row_for(status: PanelStatus, facts: Fact) -> PanelRow:
    return next(row for needed, row in STATUS_TABLE[status] if needed in facts)

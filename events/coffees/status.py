"""Status table of coffees: for each status the sentence and the primary action that fit the facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum, auto


class CoffeeStatus(StrEnum):
    """State of a coffee as one of its people reads it: their own answer comes before the common state."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"  # by the reader; others have not answered
    OWN_DECLINE = "own_decline"
    CONFIRMED = "confirmed"
    OVER = "over"  # confirmed and past, outcome not reported yet
    UNREPORTED = "unreported"  # closed without a report
    MET = "met"
    MISSED = "missed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        """Waits for an answer of the reader or of others."""
        return self in {CoffeeStatus.PROPOSED, CoffeeStatus.ACCEPTED}

    @property
    def is_off(self) -> bool:
        """Will not happen, at least for the reader: its page shows no reasons and no time."""
        return self in {
            CoffeeStatus.OWN_DECLINE,
            CoffeeStatus.DECLINED,
            CoffeeStatus.CANCELLED,
            CoffeeStatus.EXPIRED,
        }


class Fact(Flag):
    """Facts beside the status that choose among its sentences and actions."""

    NONE = 0
    TRIO = auto()
    MAY_ANSWER = auto()
    MAY_UNDO = auto()  # the reader's delayed decline
    REQUESTED = auto()  # by a person, without a round
    IS_REPLACEMENT = auto()
    NOT_ANSWERED = auto()  # by the reader, to a match
    REPLACEMENT_COMES = auto()  # news of it is due
    MAY_CALL = auto()
    MAY_CHECK = auto()  # camera and microphone
    MAY_TELL = auto()  # the outcome
    NOT_TOLD = auto()  # by the reader
    MUTUAL_AGAIN = auto()
    HANDED_ON = auto()  # to a colleague of one of them


class StatusSentence(StrEnum):
    """Names of the macros in `templates/coffees/_status_sentences.html`."""

    UNDO_DECLINE = "undo_decline"
    OWN_DECLINE = "own_decline"
    ANSWER_REQUEST = "answer_request"
    ANSWER_TRIO = "answer_trio"
    ANSWER_PAIR = "answer_pair"
    TIME_PASSED = "time_passed"
    REPLACEMENT_ASKED = "replacement_asked"
    OTHERS_ANSWER = "others_answer"
    CONFIRMED_TRIO = "confirmed_trio"
    CONFIRMED_PAIR = "confirmed_pair"
    OVER = "over"
    REPLACEMENT_COMES = "replacement_comes"
    ANSWER_EXPIRED = "answer_expired"
    CANCELLED = "cancelled"
    MET_AGAIN = "met_again"
    MET_TRIO = "met_trio"
    MET_PAIR = "met_pair"
    NOT_TOLD = "not_told"
    UNREPORTED = "unreported"
    MISSED_TRIO = "missed_trio"
    MISSED_PAIR = "missed_pair"
    NOT_HAPPENING = "not_happening"
    HANDED_ON = "handed_on"


class PrimaryAction(StrEnum):
    """The one filled button of a coffee's page; other actions are plain."""

    ANSWER = "answer"
    UNDO = "undo"
    CALL = "call"
    CHECK = "check"
    TELL = "tell"
    NONE = ""


@dataclass(frozen=True)
class StatusRow:
    """Choices of one status: the first whose facts all hold is taken."""

    sentences: tuple[tuple[Fact, StatusSentence], ...]
    actions: tuple[tuple[Fact, PrimaryAction], ...] = ()


_AGREED_ACTIONS = (
    (Fact.MAY_CALL, PrimaryAction.CALL),
    (Fact.MAY_TELL, PrimaryAction.TELL),
    (Fact.MAY_CHECK, PrimaryAction.CHECK),
)
_PAST_ACTIONS = ((Fact.MAY_TELL | Fact.NOT_TOLD, PrimaryAction.TELL),)

STATUS_TABLE: Mapping[CoffeeStatus, StatusRow] = {
    CoffeeStatus.PROPOSED: StatusRow(
        (
            (Fact.MAY_ANSWER | Fact.REQUESTED, StatusSentence.ANSWER_REQUEST),
            (Fact.MAY_ANSWER | Fact.TRIO, StatusSentence.ANSWER_TRIO),
            (Fact.MAY_ANSWER, StatusSentence.ANSWER_PAIR),
            (Fact.NONE, StatusSentence.TIME_PASSED),
        ),
        ((Fact.MAY_ANSWER, PrimaryAction.ANSWER),),
    ),
    CoffeeStatus.ACCEPTED: StatusRow(
        (
            (Fact.IS_REPLACEMENT, StatusSentence.REPLACEMENT_ASKED),
            (Fact.NONE, StatusSentence.OTHERS_ANSWER),
        )
    ),
    CoffeeStatus.OWN_DECLINE: StatusRow(
        (
            (Fact.MAY_UNDO, StatusSentence.UNDO_DECLINE),
            (Fact.HANDED_ON, StatusSentence.HANDED_ON),
            (Fact.NONE, StatusSentence.OWN_DECLINE),
        ),
        ((Fact.MAY_UNDO, PrimaryAction.UNDO),),
    ),
    CoffeeStatus.CONFIRMED: StatusRow(
        ((Fact.TRIO, StatusSentence.CONFIRMED_TRIO), (Fact.NONE, StatusSentence.CONFIRMED_PAIR)),
        _AGREED_ACTIONS,
    ),
    CoffeeStatus.OVER: StatusRow(((Fact.NONE, StatusSentence.OVER),), _AGREED_ACTIONS),
    CoffeeStatus.UNREPORTED: StatusRow(
        ((Fact.NOT_TOLD, StatusSentence.NOT_TOLD), (Fact.NONE, StatusSentence.UNREPORTED)), _PAST_ACTIONS
    ),
    CoffeeStatus.MET: StatusRow(
        (
            (Fact.MUTUAL_AGAIN, StatusSentence.MET_AGAIN),
            (Fact.TRIO, StatusSentence.MET_TRIO),
            (Fact.NONE, StatusSentence.MET_PAIR),
        ),
        _PAST_ACTIONS,
    ),
    CoffeeStatus.MISSED: StatusRow(
        ((Fact.TRIO, StatusSentence.MISSED_TRIO), (Fact.NONE, StatusSentence.MISSED_PAIR)), _PAST_ACTIONS
    ),
    CoffeeStatus.DECLINED: StatusRow(
        (
            (Fact.HANDED_ON, StatusSentence.HANDED_ON),
            (Fact.REPLACEMENT_COMES, StatusSentence.REPLACEMENT_COMES),
            (Fact.NONE, StatusSentence.NOT_HAPPENING),
        )
    ),
    CoffeeStatus.CANCELLED: StatusRow(
        ((Fact.HANDED_ON, StatusSentence.HANDED_ON), (Fact.NONE, StatusSentence.CANCELLED))
    ),
    CoffeeStatus.EXPIRED: StatusRow(
        (
            (Fact.REPLACEMENT_COMES, StatusSentence.REPLACEMENT_COMES),
            (Fact.NOT_ANSWERED, StatusSentence.ANSWER_EXPIRED),
            (Fact.NONE, StatusSentence.NOT_HAPPENING),
        )
    ),
}


def sentence_for(status: CoffeeStatus, facts: Fact) -> StatusSentence:
    return next(sentence for needed, sentence in STATUS_TABLE[status].sentences if needed in facts)


def primary_action_for(status: CoffeeStatus, facts: Fact) -> PrimaryAction:
    fitting = (action for needed, action in STATUS_TABLE[status].actions if needed in facts)
    return next(fitting, PrimaryAction.NONE)

"""Assumptions about simulated people: stated, not measured. A simulated year shows what follows from them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Kind:
    """Shares of one kind of person; `hours`: median until a mail is answered.

    | share of                                                       | keen | steady | quiet |
    |----------------------------------------------------------------|------|--------|-------|
    | the circle                                                     | 20 % | 45 %   | 35 %  |
    | the announced who register                                     | 80 % | 50 %   | 15 %  |
    | the registered who come                                        | 85 % | 70 %   | 50 %  |
    | those who came who vote in the poll                            | 80 % | 60 %   | 40 %  |
    | those who came with the page still open at the end             | 60 % | 40 %   | 25 %  |
    | of these, a yes to coffee on the page within half an hour      | 80 % | 50 %   | 20 %  |
    | a look at Today while a round is open, that ends in a yes      | 12 % | 5 %    | 1 %   |
    | the asked by mail (evening, cancellation) who say yes          | 45 % | 22 %   | 6 %   |
    | the reminded by mail who say yes                               | 25 % | 12 %   | 3 %   |
    | the told of a recording who say yes by that mail               | 12 % | 6 %    | 2 %   |
    | a proposed coffee: yes                                         | 85 % | 72 %   | 55 %  |
    | a proposed coffee: "not right now" (the rest says nothing)     | 7 %  | 12 %   | 15 %  |
    | the silent who answer after all when reminded                  | 50 % | 35 %   | 15 %  |
    | after a no or a deadline missed, a new yes to the same round   | 50 % | 35 %   | 20 %  |
    | a yes that keeps "else with somebody else" ticked              | 90 % | 85 %   | 80 %  |
    | the confirmed who cancel                                       | 3 %  | 5 %    | 8 %   |
    | the asked afterwards who tell how it was                       | 80 % | 60 %   | 35 %  |
    | of these, worth it                                             | 90 % | 85 %   | 80 %  |
    | asks and offers on the profile when joining                    | 80 % | 50 %   | 20 %  |
    | a yes on a screen with topics, for who has none: topics chosen | 75 % | 65 %   | 50 %  |
    | a working day on which they offer a quarter of an hour         | 5 %  | 2 %    | 0 %   |
    | members who agree to welcome newcomers                         | 50 % | 15 %   | 2 %   |
    | newcomers who say yes to a welcome coffee by its mail          | 60 % | 40 %   | 20 %  |

    An agreed coffee that nobody cancels takes place 94 times in a hundred. The keen answer mail in 6 hours at
    the median, the steady in 14, the quiet in 26. Of online coffees that take place 70 % are held in the
    product's call, for their whole length, and all quick calls are; offers of a quarter of an hour fall
    between nine and five, at any minute, and the page stays open until somebody is found. Of an evening that
    nobody wraps up only three in ten of the open pages are still open when it ends. People choose each
    offered time with a chance of 55 %, and at least three. Whoever found a coffee worth it also says "again".
    """

    name: str
    part: float
    registers: float
    comes: float
    votes: float
    stays: float
    yes_on_page: float
    yes_on_today: float
    yes_by_mail: float
    yes_by_reminder: float
    yes_by_recording: float
    accepts: float
    declines: float
    answers_nudge: float
    returns: float
    keeps_ticked: float
    cancels: float
    tells: float
    worth_it: float
    has_topics: float
    picks_topics: float
    offers_call: float
    welcomes: float
    is_welcomed: float
    hours: float


KEEN = Kind(
    "keen", part=0.20, registers=0.80, comes=0.85, votes=0.80, stays=0.60, yes_on_page=0.80,
    yes_on_today=0.12, yes_by_mail=0.45, yes_by_reminder=0.25, yes_by_recording=0.12,
    accepts=0.85, declines=0.07, answers_nudge=0.50, returns=0.50,
    keeps_ticked=0.90, cancels=0.03, tells=0.80, worth_it=0.90,
    has_topics=0.80, picks_topics=0.75, offers_call=0.05, welcomes=0.50, is_welcomed=0.60,
    hours=6,
)  # fmt: skip
STEADY = Kind(
    "steady", part=0.45, registers=0.50, comes=0.70, votes=0.60, stays=0.40, yes_on_page=0.50,
    yes_on_today=0.05, yes_by_mail=0.22, yes_by_reminder=0.12, yes_by_recording=0.06,
    accepts=0.72, declines=0.12, answers_nudge=0.35, returns=0.35,
    keeps_ticked=0.85, cancels=0.05, tells=0.60, worth_it=0.85,
    has_topics=0.50, picks_topics=0.65, offers_call=0.02, welcomes=0.15, is_welcomed=0.40,
    hours=14,
)  # fmt: skip
QUIET = Kind(
    "quiet", part=0.35, registers=0.15, comes=0.50, votes=0.40, stays=0.25, yes_on_page=0.20,
    yes_on_today=0.01, yes_by_mail=0.06, yes_by_reminder=0.03, yes_by_recording=0.02,
    accepts=0.55, declines=0.15, answers_nudge=0.15, returns=0.20,
    keeps_ticked=0.80, cancels=0.08, tells=0.35, worth_it=0.80,
    has_topics=0.20, picks_topics=0.50, offers_call=0.0, welcomes=0.02, is_welcomed=0.20,
    hours=26,
)  # fmt: skip
KINDS = (KEEN, STEADY, QUIET)
TAKES_PLACE = 0.94  # of the agreed coffees that nobody cancels
HELD_HERE = 0.7  # of the online coffees that take place: in the product's call, where it is evidence
STILL_OPEN_LATE = 0.3  # of the open pages, when an evening ends by itself
CHOOSES_TIME = 0.55
MIN_TIMES = 3


@dataclass(frozen=True)
class Switches:
    """What of "From the evening to the coffee" the simulated people and circle have; all of it by default.

    The product has no such switches: off means that people ignore the mail, the host ends a forgotten evening
    three days later, nobody says yes again, boxes are unticked, topics are not shown, two who met are
    kept apart for the longest window there is, nobody calls here, offers a quarter of an hour or welcomes.
    """

    asked_by_mail: bool = True
    ends_by_itself: bool = True
    returns: bool = True
    replacement_ticked: bool = True
    topics_shown: bool = True
    met_fades: bool = True
    calls_seen: bool = True
    quick_calls: bool = True
    welcomes: bool = True


ON = Switches()
OFF = Switches(**{one.name: False for one in fields(Switches)})

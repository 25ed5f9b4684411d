"""Rules of organisers' messages: who can be written to when, limits, and the words of presets."""

from dataclasses import dataclass
from datetime import timedelta

from events.livestreams.rules.states import OPEN, OVER, UPCOMING

# Registered; on the waiting list; was there; registered and was not; a member who did not register; has not
# answered the open coffee round; every member.
AUDIENCES = ("registered", "waiting", "came", "missed", "unanswered", "undecided", "circle")
OF_MEMBERS = {"unanswered", "undecided", "circle"}  # these reach people who did not register: organisers only
MAIL_KIND = "circle_message"
MAX_SUBJECT_LENGTH, MAX_BODY_LENGTH = 150, 4000
MAX_PER_DAY = 3  # sent messages of one circle in 24 hours; members get one mail a day, so more would pile up
KEEP_DRAFTS = timedelta(days=30)
KEEP_RECIPIENTS = timedelta(days=2)


def audiences_at(
    state: str | None, *, round_open: bool, organises: bool, limited: bool = False
) -> tuple[str, ...]:
    """Possible audiences for a livestream in this state (None: no livestream), likeliest first.

    `limited`: its places are.
    """
    if state is None:
        found: tuple[str, ...] = ("circle",)
    elif state == "draft":
        return ()  # nobody could open its page
    elif state in OVER:
        found = ("came", "missed", "registered", "unanswered", "circle")
    else:
        found = ("registered", "unanswered", "circle") if state in OPEN else ("registered", "circle")
        if limited and state in UPCOMING:
            found = ("registered", "waiting", *found[1:])
    if round_open:
        found = (*found, "undecided")
    return tuple(one for one in found if organises or one not in OF_MEMBERS)


@dataclass(frozen=True)
class Preset:
    """Words to begin with; %(…)s are facts of the livestream or round."""

    audience: str
    subject: str
    body: str
    extends_round: bool = False
    before_start: bool = False


def _(message: str) -> str:
    """Mark for extraction; translated later in the circle's language."""
    return message


PRESETS = {
    "question": Preset(
        audience="registered",
        subject=_("Bring a question to ‘%(title)s’"),
        body=_(
            "What would you like to know about this subject? Put your question on the page now, without your "
            "name if you like. %(host)s reads it beforehand, and it may well be what we talk about."
        ),
        before_start=True,
    ),
    "three_days": Preset(
        audience="undecided",
        subject=_("Three more days to say yes to a coffee"),
        body=_(
            "The coffee round stays open until %(closes)s.\n\n"
            "Would you like to meet someone of the circle? It takes a few taps: choose the times that suit "
            "you, and you hear who it is. If now is not the time, you don't have to do anything."
        ),
        extends_round=True,
    ),
}

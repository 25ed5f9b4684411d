"""Content of mails about rounds, for organisers and for participants."""

from babel.lists import format_list
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.circles.policy import organises
from events.circles.queries.circles import find_membership
from events.core import clock
from events.core.i18n.formatting import when
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.queries.livestreams import find_livestream, next_livestream
from events.notifications.queries.mail_content import Look, MailContent
from events.rounds.models import Draft, OptIn, Round
from events.rounds.queries.one_more_time import asked_time_of
from events.rounds.queries.preferences import current_preference
from events.rounds.queries.rounds import find_round, opt_in_of
from events.rounds.rules.timeline import is_open, parse_time


def read_left_without(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Whether one more time would do; else the honest sentence, with the next date when there is one."""
    round_ = db.get(Round, mail.subject_id)
    yes = opt_in_of(db, mail.subject_id, person.id)
    if round_ is None or yes is None or yes.state != "left":
        return None
    start = asked_time_of(db, round_, yes)
    if start is not None:
        return MailContent(
            "rounds/one_more_time",
            ("rounds.one_more", {"id": round_.id}),
            circle=round_.circle.name,
            look=Look.of(round_.circle),
            key=("round", round_.id),
            words={"start": start},
        )
    following = next_livestream(db, round_.circle_id)
    return MailContent(
        "rounds/left_without",
        ("circles.show", {"slug": round_.circle.slug}),
        circle=round_.circle.name,
        look=Look.of(round_.circle),
        hears=round_.circle.name,
        hears_team=True,
        words={"next": following},
    )


def read_draft(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For the team, while there is a draft to look at. It is no condition for anything."""
    round_ = find_round(db, mail.subject_id)
    draft = db.get(Draft, mail.subject_id)
    if round_ is None or draft is None or round_.state != "draft":
        return None
    if not organises(find_membership(db, person.id, round_.circle_id)):
        return None
    return MailContent(
        "rounds/draft_ready",
        ("rounds.round", {"id": round_.id}),
        circle=round_.circle.name,
        look=Look.of(round_.circle),
        words={"round": round_, "made": len(draft.coffees), "title": title_of(db, round_)},
    )


def read_always(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """That a yes was said for this person, at which times, and where to change it."""
    yes = db.get(OptIn, mail.subject_id)
    round_ = find_round(db, yes.round_id) if yes is not None else None
    if yes is None or round_ is None or yes.state != "waiting" or not is_open(round_, clock.now()):
        return None
    livestream = find_livestream(db, round_.livestream_id) if round_.livestream_id else None
    moments = [when(parse_time(text), "day_hour", person.zone, person.locale) for text in yes.times]
    return MailContent(
        "rounds/always_yes",
        ("rounds.join", {"id": round_.id}),
        circle=round_.circle.name,
        look=Look.of(round_.circle),
        pauses=round_.circle.slug,
        key=("livestream", livestream.id) if livestream is not None else ("round", round_.id),
        words={
            "round": round_,
            "title": title_of(db, round_),
            "times": format_list(moments, locale=person.locale),
            "livestream": livestream,
        },
    )


def read_paused(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Told once that nothing is asked any more, with one press to come back."""
    circle = db.get(Circle, mail.subject_id)
    if circle is None or not current_preference(db, circle.id, person.id).paused:
        return None
    return MailContent(
        "rounds/paused",
        ("rounds.come_back", {"slug": circle.slug}),
        circle=circle.name,
        look=Look.of(circle),
        key=("pause", circle.id),
    )


def title_of(db: Session, round_: Round) -> str:
    """What the round is after, or the circle's name when it stands by itself."""
    livestream = find_livestream(db, round_.livestream_id) if round_.livestream_id else None
    return livestream.title if livestream is not None else round_.title or round_.circle.name

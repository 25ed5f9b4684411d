"""What the mails about rounds say: to those who organise them, and to those who take part."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.policy import organises
from events.circles.queries import find_membership
from events.core.mail import OutgoingMail
from events.livestreams.queries import find_livestream, next_livestream
from events.matching.models import Draft, Round
from events.matching.queries import find_round, yes_of
from events.notifications.queries.news import News


def read_left_without(db: Session, mail: OutgoingMail, person: User) -> News | None:
    """The honest sentence, with the next date when there is one."""
    round_ = db.get(Round, mail.subject_id)
    yes = yes_of(db, mail.subject_id, person.id)
    if round_ is None or yes is None or yes.state != "left":
        return None
    following = next_livestream(db, round_.circle_id)
    return News(
        "matching/left_without",
        ("circles.show", {"slug": round_.circle.slug}),
        circle=round_.circle.name,
        hears=round_.circle.name,
        hears_team=True,
        words={"next": following},
    )


def read_draft(db: Session, mail: OutgoingMail, person: User) -> News | None:
    """For the team, while there is a draft to look at. It is no condition for anything."""
    round_ = find_round(db, mail.subject_id)
    draft = db.get(Draft, mail.subject_id)
    if round_ is None or draft is None or round_.state != "draft":
        return None
    if not organises(find_membership(db, person.id, round_.circle_id)):
        return None
    return News(
        "matching/draft_ready",
        ("matching.round", {"id": round_.id}),
        circle=round_.circle.name,
        words={"round": round_, "made": len(draft.coffees), "title": title_of(db, round_)},
    )


def title_of(db: Session, round_: Round) -> str:
    """What the round is after, or the circle's name when it stands by itself."""
    livestream = find_livestream(db, round_.livestream_id) if round_.livestream_id else None
    return livestream.title if livestream is not None else round_.circle.name

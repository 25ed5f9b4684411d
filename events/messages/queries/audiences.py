"""Selects of the people that a message of a team goes to, and how many they are."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from events.accounts.models import BouncedAddress, MailChoice, User
from events.circles.models import Circle, CircleBan, Membership
from events.livestreams.models import Livestream
from events.livestreams.rules.states import OVER
from events.messages.rules import MAIL_KIND
from events.presence.models import Stay
from events.registrations.models import Registration
from events.registrations.rules import ON_LIST
from events.rounds.models import Round
from events.rounds.queries.undecided import is_undecided


def select_recipients(
    audience: str, circle: Circle, livestream: Livestream | None, round_: Round | None, *, but: str
) -> Select[str]:
    """Ids of the people of an audience whom mail of this kind reaches, besides the person `but`.

    Left out: who switched these mails off, whose address returns mail, and who was banned. Blocks between
    persons do not matter, since the circle writes.
    """
    declined = select(MailChoice.user_id).where(MailChoice.kind == MAIL_KIND)
    returned = select(BouncedAddress.user_id).where(
        BouncedAddress.user_id == User.id,
        BouncedAddress.address == User.email,
        BouncedAddress.suppressed_at.is_not(None),
    )
    banned = select(CircleBan.user_id).where(CircleBan.circle_id == circle.id)
    return select(User.id).where(
        _belongs_to(audience, circle.id, livestream, round_),
        User.id != but,
        User.id.not_in(declined),
        ~returned.exists(),
        User.id.not_in(banned),
    )


def count_audiences(
    db: Session,
    audiences: Collection[str],
    circle: Circle,
    livestream: Livestream | None,
    round_: Round | None,
    *,
    but: str,
) -> dict[str, int]:
    """How many people a message to each audience reaches, in one statement."""
    if not audiences:
        return {}
    counts = [
        select(func.count())
        .select_from(select_recipients(one, circle, livestream, round_, but=but).subquery())
        .scalar_subquery()
        for one in audiences
    ]
    return dict(zip(audiences, db.execute(select(*counts)).one(), strict=True))


def _belongs_to(
    audience: str, circle_id: str, livestream: Livestream | None, round_: Round | None
) -> ColumnElement[bool]:
    members = User.id.in_(select(Membership.user_id).where(Membership.circle_id == circle_id))
    if audience == "circle":
        return members
    if audience == "undecided" and round_ is not None:
        return is_undecided(round_)
    if livestream is None:
        raise ValueError(audience)
    places = select(Registration.user_id).where(Registration.livestream_id == livestream.id)
    registered = User.id.in_(places.where(Registration.state == "coming"))
    if audience == "registered":
        return registered
    if audience == "waiting":
        return User.id.in_(places.where(Registration.state.in_(ON_LIST)))
    unanswered = and_(members, User.id.not_in(places), User.id != livestream.host_id)
    if livestream.state not in OVER:
        return unanswered
    came = _was_there(livestream)
    if audience == "came":
        return and_(or_(members, registered), came)
    return and_(registered if audience == "missed" else unanswered, ~came)


def _was_there(livestream: Livestream) -> ColumnElement[bool]:
    """While it was on air; the host was, though a desk counts no stay."""
    stays = select(Stay.user_id).where(
        Stay.livestream_id == livestream.id,
        Stay.entered_at < livestream.ended_at,
        Stay.seen_at >= livestream.went_live_at,
    )
    return or_(User.id == livestream.host_id, User.id.in_(stays))

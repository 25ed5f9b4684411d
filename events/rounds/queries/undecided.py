"""Condition of people who may say yes to an open round, did not answer it and take no break."""

from sqlalchemy import ColumnElement, and_, select

from events.accounts.models import User
from events.circles.models import Membership
from events.core import clock
from events.registrations.models import Registration
from events.rounds.models import OptIn, Round, RoundPreference


def is_undecided(round_: Round) -> ColumnElement[bool]:
    """Members of its circle, and guests with a place at its livestream."""
    said = select(OptIn.user_id).where(OptIn.round_id == round_.id)
    paused = select(RoundPreference.user_id).where(
        RoundPreference.circle_id == round_.circle_id,
        RoundPreference.paused_why != "",
        RoundPreference.paused_until.is_(None) | (RoundPreference.paused_until > clock.now()),
    )
    belongs: ColumnElement[bool] = User.id.in_(
        select(Membership.user_id).where(Membership.circle_id == round_.circle_id)
    )
    if round_.livestream_id is not None:
        places = select(Registration.user_id).where(Registration.livestream_id == round_.livestream_id)
        belongs |= User.id.in_(places.where(Registration.state == "coming"))
    return and_(belongs, User.id.not_in(said), User.id.not_in(paused))

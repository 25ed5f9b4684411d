"""Previews of mails: the templates and words of the mails sent, without a recipient, with dead links."""

from dataclasses import replace

from sqlalchemy.orm import Session

from events.accounts.queries.people import get_user
from events.circles import policy
from events.circles.models import Circle
from events.circles.queries.circles import membership_of
from events.circles.rules import mail_colours
from events.core.auth.actor import Actor, authorize
from events.core.mail.rendering import RenderedMail
from events.notifications.queries.accounts import invitation_content

NO_LINK = "#"


def preview_invitation(
    db: Session,
    actor: Actor,
    circle: Circle,
    locale: str,
    *,
    sender: str,
    answered: bool,
    logo: str | None = None,
) -> RenderedMail:
    """The first mail of an invitation by this actor. `answered`: replies to mails are read here."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    inviter = get_user(db, actor.id)
    news = replace(invitation_content(db, circle, inviter), locale=locale)
    return RenderedMail(
        to_name="",
        to_address=sender,
        locale=locale,
        template=news.template,
        context={
            "person": inviter,
            "zone": circle.zone,
            "circle": news.circle,
            "logo": logo,
            "colours": mail_colours(circle.colour) if circle.colour else None,
            "url": NO_LINK,
            "personal": True,
            "to_stranger": news.to_stranger,
            "unsubscribe": None,
            "of_this_kind": False,
            "sender": sender,
            "hears": news.hears if answered else "",
            "hears_count": news.hears_count,
            "hears_team": news.hears_team,
            "pause": None,
            **news.words,
        },
        from_name=f"{news.circle} via Ontmoet",
    )

"""Circles and members for tests."""

from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey, User
from events.circles.models import Circle, Company, Interest, Invitation, JoinRequest, Membership, Topic
from events.circles.rules import company_key
from events.core import clock
from events.core.ids import new_id
from events.core.text.markup import slugify
from tests.factories.accounts import make_key


def build_circle(name: str, *, joining: str = "by_invitation") -> Circle:
    """A circle with an id, not yet in a session."""
    return Circle(id=new_id(), name=name, slug=slugify(name), joining=joining, created_at=clock.now())


def build_member(circle: Circle, user: User, *, role: str = "member", listed: bool = True) -> Membership:
    """A membership that is not yet in a session; both sides have their id. The listing is chosen."""
    now = clock.now()
    return Membership(
        circle_id=circle.id, user_id=user.id, role=role, listed=listed, listing_chosen_at=now, created_at=now
    )


def make_circle(db: Session, *, owner: User, name: str = "Kring", joining: str = "by_invitation") -> Circle:
    circle = build_circle(name, joining=joining)
    db.add(circle)
    db.flush()
    make_member(db, circle, owner, role="owner")
    return circle


def make_member(
    db: Session, circle: Circle, user: User, *, role: str = "member", listed: bool = True
) -> Membership:
    membership = build_member(circle, user, role=role, listed=listed)
    db.add(membership)
    db.flush()
    return membership


def make_interest(db: Session, membership: Membership, side: str, name: str) -> Interest:
    """`side` is asks or offers; the topic is made when the circle does not have it yet."""
    topic = db.query(Topic).filter_by(circle_id=membership.circle_id, name_nl=name).one_or_none()
    if topic is None:
        topic = Topic(circle_id=membership.circle_id, name_nl=name, name_en=name)
        db.add(topic)
        db.flush()
    interest = Interest(membership_id=membership.id, topic_id=topic.id, side=side)
    db.add(interest)
    db.flush()
    return interest


def make_invitation(db: Session, circle: Circle, user: User, *, invited_by: User) -> PersonalKey:
    """An open invitation; gives the key that its mail carries."""
    invitation = Invitation(
        circle_id=circle.id, user_id=user.id, invited_by_id=invited_by.id, created_at=clock.now()
    )
    db.add(invitation)
    db.flush()
    return make_key(db, user, "join", circle.id)


def make_request(db: Session, circle: Circle, user: User) -> JoinRequest:
    request = JoinRequest(circle_id=circle.id, user_id=user.id, created_at=clock.now())
    db.add(request)
    db.flush()
    return request


def make_company(db: Session, circle: Circle, name: str, *people: User) -> Company:
    """A company of these members, written in their profiles."""
    company = Company(circle_id=circle.id, key=company_key(name), name=name, created_at=clock.now())
    db.add(company)
    db.flush()
    for user in people:
        db.get_one(User, user.id).company = name
        query = db.query(Membership).filter_by(circle_id=circle.id, user_id=user.id)
        query.one().company_id = company.id
    db.flush()
    return company

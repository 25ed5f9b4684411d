"""Test data of permissions: one of everything, and every kind of actor."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey, User
from events.circles.models import Invitation
from events.coffees.models import Introduction, SharedDetails
from events.companies.models import Handover
from events.core import clock
from events.guests.queries import link_code
from events.rounds.models import Exclusion, Round
from tests.factories.accounts import make_key, make_user
from tests.factories.availability import make_break
from tests.factories.chat import make_line
from tests.factories.circles import make_circle, make_company, make_invitation, make_member, make_request
from tests.factories.coffees import make_booking_page, make_coffee, make_promise
from tests.factories.guests import make_guest
from tests.factories.handbooks import make_book_entry
from tests.factories.livestreams import make_agenda, make_livestream
from tests.factories.messages import make_message
from tests.factories.polls import make_poll
from tests.factories.questions import make_question
from tests.factories.recordings import make_recording

CANARY = "kanarie-geheim"


@dataclass(frozen=True)
class World:
    """`people` by the name of what they are; `keys` for those who come by a mail; `values` fill addresses."""

    people: dict[str, User]
    keys: dict[str, list[PersonalKey]]
    values: dict[str, str]


def make_world(db: Session) -> World:
    """A members-only livestream with its round, recording and coffee, hidden from strangers."""
    people = {
        name: make_user(db, name)
        for name in (
            "owner",
            "organiser",
            "member",
            "partner",
            "other",
            "outsider",
            "operator",
            "guest",
            "asker",
        )
    }
    people["operator"].is_operator = True
    circle = make_circle(db, owner=people["owner"], name=f"Kring {CANARY}", joining="on_request")
    circle.links_shown = False  # else the link of a livestream shows its title to anyone
    host = make_member(db, circle, people["organiser"], role="organiser")
    for name in ("member", "partner", "other"):
        make_member(db, circle, people[name])
    livestream = make_livestream(db, circle, people["owner"], title=f"Avond {CANARY}", state="live")
    make_agenda(db, livestream, "Welkom", "Vragen")
    recorded = make_livestream(db, circle, people["owner"], title=f"Opname {CANARY}", state="replay")
    recording = make_recording(db, recorded)
    coffee = make_coffee(
        db, circle, [people["partner"], people["other"]], state="confirmed", occasion_id=recorded.id
    )
    for name in ("partner", "other"):
        db.add(
            SharedDetails(
                coffee_id=coffee.id, user_id=people[name].id, kinds=["email"], changed_at=clock.now()
            )
        )
    introduction = Introduction(
        coffee_id=coffee.id, circle_id=circle.id, by_id=people["other"].id, partner_id=people["partner"].id,
        member_id=people["asker"].id, created_at=clock.now(), answer_by=clock.now() + timedelta(days=7),
    )  # fmt: skip
    handed = make_coffee(db, circle, [people["other"], people["asker"]])
    handover = Handover(
        circle_id=circle.id, coffee_id=handed.id, from_id=people["other"].id, to_id=people["partner"].id,
        for_id=people["asker"].id, company="Bedrijf", created_at=clock.now(),
        answer_by=clock.now() + timedelta(days=2),
    )  # fmt: skip
    db.add_all([introduction, handover])
    db.flush()
    invited = make_user(db, "invited")
    make_invitation(db, circle, invited, invited_by=people["owner"])
    invitation = db.query(Invitation).filter_by(user_id=invited.id).one()
    round_ = Round(
        circle_id=circle.id,
        livestream_id=recorded.id,
        opened_at=clock.now(),
        closes_at=clock.now() + timedelta(days=5),
        publish_at=clock.now() + timedelta(days=6),
        times=[(clock.now() + timedelta(days=7)).isoformat()],
    )
    own_round = Round(
        circle_id=circle.id,
        occasion="standalone",
        opened_at=clock.now(),
        closes_at=clock.now() + timedelta(days=5),
        publish_at=clock.now() + timedelta(days=6),
        times=[(clock.now() + timedelta(days=8)).isoformat()],
    )
    apart = Exclusion(
        user_id=people["member"].id, other_id=people["other"].id, why="competitor", created_at=clock.now()
    )
    db.add_all([round_, own_round, apart])
    db.flush()
    make_line(db, livestream, people["other"])
    poll, options = make_poll(db, livestream)
    return World(
        people=people,
        keys={
            "livestream": [
                make_key(db, people["guest"], "livestream", one.id) for one in (livestream, recorded)
            ],
            "coffee": [make_key(db, people["partner"], "coffee", coffee.id)],
            "round": [make_key(db, people["partner"], "round", own_round.id)],
            "pause": [make_key(db, people["partner"], "pause", circle.id)],
            "introduction": [make_key(db, people["partner"], "introduction", introduction.id)],
            "colleague": [make_key(db, people["partner"], "colleague", handover.id)],
        },
        values={
            "circle": circle.slug,
            "break": make_break(db, circle, (clock.now() + timedelta(days=9)).date()).id,
            "livestream": livestream.slug,
            "recorded": recorded.slug,
            "recording": recording.id,
            "coffee": coffee.id,
            "introduction": introduction.id,
            "handover": handover.id,
            "promise": make_promise(db, coffee, people["partner"], "een contact").id,
            "question": make_question(db, livestream, people["member"]).id,
            "poll": poll.id,
            "option": options[0].id,
            "round": round_.id,
            "own_round": own_round.id,
            "apart": apart.id,
            "message": make_message(
                db, circle, people["owner"], livestream=livestream, subject=f"Bericht {CANARY}"
            ).id,
            "user": people["other"].id,
            "handle": make_booking_page(db, people["other"]).handle or "",
            "request": make_request(db, circle, people["asker"]).id,
            "invitation": invitation.id,
            "company": make_company(db, circle, f"Bedrijf {CANARY}", people["other"]).id,
            "entry": make_book_entry(db, circle).id,
            "guest": make_guest(db, livestream, people["asker"], state="asked").id,
            "code": link_code(livestream, host),
            "kind": "role",
            "language": "nl",
        },
    )

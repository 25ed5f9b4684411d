"""A circle that none of the actors of a fuzz run knows, and words that only its members may read."""

from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from tests.factories.chat import make_line
from tests.factories.circles import make_circle, make_member
from tests.factories.coffees import make_coffee, make_note, make_promise
from tests.factories.livestreams import make_agenda, make_livestream
from tests.factories.polls import make_poll
from tests.factories.questions import make_question
from tests.factories.recordings import make_recording

OF_THE_OTHER = "Zeekraal verborgen"  # no slug spells it so


def make_other_circle(db: Session) -> dict[str, str]:
    """A circle that none of the actors knows, with one of everything in it."""
    one, two = make_user(db, "Noor"), make_user(db, "Wim")
    circle = make_circle(db, owner=one, name="Een andere kring")
    make_member(db, circle, two)
    livestream = make_livestream(db, circle, one, title=OF_THE_OTHER, state="live")
    make_agenda(db, livestream, OF_THE_OTHER)
    recorded = make_livestream(db, circle, one, title=f"Opname {OF_THE_OTHER}", state="replay")
    coffee = make_coffee(db, circle, [one, two], state="confirmed", occasion_id=recorded.id)
    make_note(db, coffee, one, OF_THE_OTHER)
    make_promise(db, coffee, one, OF_THE_OTHER)
    make_line(db, livestream, one, OF_THE_OTHER)
    poll, _options = make_poll(db, livestream)
    poll.title = OF_THE_OTHER
    return {
        "other_circle": circle.slug,
        "other_livestream": livestream.slug,
        "other_recording": make_recording(db, recorded, summary=OF_THE_OTHER).id,
        "other_coffee": coffee.id,
        "other_question": make_question(db, livestream, two, OF_THE_OTHER).id,
        "other_poll": poll.id,
        "other_user": two.id,
    }

"""The page of all one's coffees, with the rounds to say yes to on top."""

from werkzeug.wrappers import Response

from events.coffees.queries import shelf_of
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page
from events.matching import queries
from events.matching.views.saying import blueprint

MAX_ROUNDS = 12


@page(blueprint, "/coffees", who=Who.SIGNED_IN)
def shelf(door: Door) -> Response:
    """The rounds are those that Today asks about; drafts to look at stay there."""
    calling = queries.list_calling(door.db, door.actor, MAX_ROUNDS)
    rounds = [row for row in calling if row.near == "open"]
    found = shelf_of(door.db, door.actor, door.page_number)
    return door.render("coffees/index.html", shelf=found, past=found.past, rounds=rounds)

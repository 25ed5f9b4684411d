"""Page of all coffees of a person, with open rounds on top."""

from werkzeug.wrappers import Response

from events.coffees.queries.shelf import shelf_of
from events.core.auth.endpoints import Access
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.rounds.queries import panels
from events.rounds.status import PanelStatus
from events.rounds.views.opting_in import blueprint

MAX_ROUNDS = 12


@page(blueprint, "/coffees", who=Access.SIGNED_IN)
def shelf(req: PageRequest) -> Response:
    calling = panels.list_actionable(req.db, req.actor, MAX_ROUNDS)
    rounds = [row for row in calling if row.status == PanelStatus.OPEN]
    found = shelf_of(req.db, req.actor, req.page_number)
    return req.render("coffees/index.html", shelf=found, past=found.past, rounds=rounds)

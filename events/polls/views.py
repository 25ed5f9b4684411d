"""Poll pages and forms, for the desk and for pages without scripts."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.livestreams.queries.livestreams import get_visible
from events.polls import actions, forms
from events.polls.policy import may_make
from events.polls.queries import get_poll, list_page
from events.polls.rules import VOTE_RATE

blueprint = Blueprint("polls", __name__)
error_messages.register(
    {
        "poll_not_open": _l("This poll isn't open."),
        "bad_options": _l("Give two to six answers, each on a line of its own."),
        "bad_twice": _l("An answer is there twice. Make each one different."),
    }
)


@page(blueprint, "/livestreams/<slug>/polls", who=Access.ANYONE, keys=("livestream:watch",))
def index(req: PageRequest, slug: str) -> Response:
    """All polls in pages; panels show only the latest ones."""
    livestream = get_visible(req.db, req.actor, slug)
    if membership_of(req.db, req.actor, livestream.circle_id) is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
    number = req.page_number
    panel, more = list_page(req.db, req.actor, livestream, number)
    return req.render("polls/index.html", livestream=livestream, polls=panel, number=number, more=more)


@page(blueprint, "/livestreams/<slug>/polls", who=Access.ORGANISER, methods=("POST",))
def create(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    authorize(may_make, req.actor, livestream, membership_of(req.db, req.actor, livestream.circle_id))
    form = req.form(forms.Create)
    poll = form.act(lambda data: actions.create_poll(req.db, req.actor, livestream, data))
    if poll is None:
        return req.render("polls/create.html", form=form, slug=livestream.slug)
    return req.go(
        "stage.desk", slug=livestream.slug, done=_("The poll is ready. Viewers see it once you open it.")
    )


@page(blueprint, "/polls/<poll_id>/vote", who=Access.SIGNED_IN, keys=("livestream:ask",), methods=("POST",))
def vote(req: PageRequest, poll_id: str) -> Response:
    """A vote that is too late changes nothing; the target page shows the result."""
    req.limit("votes", VOTE_RATE)
    poll, livestream, _membership = get_poll(req.db, req.actor, poll_id)
    form = req.form(forms.VoteFromPage)
    form.act(
        lambda data: actions.vote_in_poll(req.db, req.actor, forms.Vote(poll=poll.id, option=data.option))
    )
    return req.go("stage.show", slug=livestream.slug, tab="polls", notice=form.first_error)


@page(blueprint, "/polls/<poll_id>/state", who=Access.ORGANISER, methods=("POST",))
def change(req: PageRequest, poll_id: str) -> Response:
    poll, livestream, membership = get_poll(req.db, req.actor, poll_id)
    authorize(may_make, req.actor, livestream, membership)
    form = req.form(forms.ChangeFromPage)
    form.act(
        lambda data: actions.change_poll(req.db, req.actor, forms.Change(poll=poll.id, state=data.state))
    )
    return req.go("stage.desk", slug=livestream.slug, notice=form.first_error)

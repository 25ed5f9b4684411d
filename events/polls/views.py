"""The forms of the polls: making one on the desk, opening and closing it, and a vote without scripts."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle, membership_of
from events.core import words
from events.core.access import authorize
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page
from events.livestreams.queries import get_visible
from events.polls import actions, forms
from events.polls.policy import may_make
from events.polls.queries import get_poll, list_page
from events.polls.rules import VOTE_RATE

blueprint = Blueprint("polls", __name__)
words.register(
    {
        "poll_not_open": _l("This poll isn't open."),
        "bad_options": _l("Give two to six answers, each on a line of its own."),
        "bad_twice": _l("An answer is there twice. Make each one different."),
    }
)


@page(blueprint, "/livestreams/<slug>/polls", who=Who.ANYONE, keys=("livestream:watch",))
def index(door: Door, slug: str) -> Response:
    """All of them in pages; beside the livestream and on the desk stand the latest ones."""
    livestream = get_visible(door.db, door.actor, slug)
    if membership_of(door.db, door.actor, livestream.circle_id) is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
    number = door.page_number
    panel, more = list_page(door.db, door.actor, livestream, number)
    return door.render("polls/index.html", livestream=livestream, polls=panel, number=number, more=more)


@page(blueprint, "/livestreams/<slug>/polls", who=Who.ORGANISER, methods=("POST",))
def create(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    authorize(may_make, door.actor, livestream, membership_of(door.db, door.actor, livestream.circle_id))
    form = door.form(forms.Create)
    poll = form.act(lambda data: actions.create_poll(door.db, door.actor, livestream, data))
    if poll is None:
        return door.render("polls/create.html", form=form, slug=livestream.slug)
    return door.go(
        "stage.desk", slug=livestream.slug, done=_("The poll is ready. Viewers see it once you open it.")
    )


@page(blueprint, "/polls/<poll_id>/vote", who=Who.SIGNED_IN, keys=("livestream:ask",), methods=("POST",))
def vote(door: Door, poll_id: str) -> Response:
    """A vote that came too late changes nothing; the page it leads to shows the result."""
    door.limit("votes", VOTE_RATE)
    poll, livestream, _membership = get_poll(door.db, door.actor, poll_id)
    form = door.form(forms.VoteHere)
    form.act(
        lambda data: actions.vote_in_poll(door.db, door.actor, forms.Vote(poll=poll.id, option=data.option))
    )
    return door.go("stage.show", slug=livestream.slug, tab="polls", notice=form.first_error)


@page(blueprint, "/polls/<poll_id>/state", who=Who.ORGANISER, methods=("POST",))
def change(door: Door, poll_id: str) -> Response:
    poll, livestream, membership = get_poll(door.db, door.actor, poll_id)
    authorize(may_make, door.actor, livestream, membership)
    form = door.form(forms.ChangeHere)
    form.act(
        lambda data: actions.change_poll(door.db, door.actor, forms.Change(poll=poll.id, state=data.state))
    )
    return door.go("stage.desk", slug=livestream.slug, notice=form.first_error)

"""The forms of the questions, for pages without scripts."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle, membership_of
from events.core import words
from events.core.access import authorize
from events.core.door import Door
from events.core.ids import new_id
from events.core.rights import Who
from events.core.web import page
from events.livestreams.queries import get_visible
from events.questions import actions, forms
from events.questions.models import Question
from events.questions.policy import may_ask, may_change
from events.questions.queries import get_question, list_questions
from events.questions.rules import ASK_RATE, VOTE_RATE

blueprint = Blueprint("questions", __name__)
KEYS = ("livestream:ask",)
words.register(
    {
        "not_asking": _l("Questions aren't taken here now."),
        "question_closed": _l("This question has been answered."),
        "answer_needs_answered": _l("A question with a written answer has been answered."),
    }
)


@page(blueprint, "/livestreams/<slug>/questions", who=Who.ANYONE, keys=("livestream:watch",))
def index(door: Door, slug: str) -> Response:
    """All of them in pages; beside the livestream and on the desk stand the first ones."""
    livestream = get_visible(door.db, door.actor, slug)
    membership = membership_of(door.db, door.actor, livestream.circle_id)
    if membership is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
    return door.render(
        "questions/index.html",
        livestream=livestream,
        listed=list_questions(door.db, door.actor, livestream, door.page_number),
        may_ask=may_ask(door.actor, livestream, membership),
        directs=may_change(door.actor, livestream, membership),
    )


@page(blueprint, "/livestreams/<slug>/questions", who=Who.SIGNED_IN, keys=KEYS, methods=("POST",))
def ask(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    door.limit("questions", ASK_RATE)
    form = door.form(forms.AskHere)

    def post(data: forms.AskHere) -> Question:
        return actions.ask_question(
            door.db, door.actor, forms.Ask(livestream=livestream.slug, **data.model_dump())
        )

    if form.act(post) is None:
        return door.render("questions/ask.html", form=form, slug=slug, fresh_id=new_id())
    return door.go("stage.show", slug=livestream.slug, tab="questions", done=_("Your question is in."))


@page(blueprint, "/questions/<question_id>/vote", who=Who.SIGNED_IN, keys=KEYS, methods=("POST",))
def vote(door: Door, question_id: str) -> Response:
    """A vote that came too late changes nothing; the page it leads to says how things stand."""
    door.limit("votes", VOTE_RATE)
    form = door.form(forms.VoteHere)
    question, livestream, _membership = get_question(door.db, door.actor, question_id)
    form.act(lambda data: actions.vote_for_question(door.db, door.actor, question.id, data.up))
    return door.go("stage.show", slug=livestream.slug, tab="questions", notice=form.first_error)


@page(blueprint, "/questions/<question_id>/state", who=Who.ORGANISER, methods=("POST",))
def change(door: Door, question_id: str) -> Response:
    question, livestream, membership = get_question(door.db, door.actor, question_id)
    authorize(may_change, door.actor, livestream, membership)
    form = door.form(forms.ChangeHere)

    def save(data: forms.ChangeHere) -> Question:
        return actions.change_question(
            door.db, door.actor, forms.Change(question=question.id, **data.model_dump())
        )

    if form.act(save) is None:
        return door.render("questions/answer.html", form=form, question=question, slug=livestream.slug)
    return door.go("stage.desk", slug=livestream.slug)

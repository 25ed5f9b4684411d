"""Question pages and forms, for pages without scripts."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.ids import new_id
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.livestreams.queries.livestreams import get_visible
from events.questions import actions, forms
from events.questions.models import Question
from events.questions.policy import may_ask, may_change
from events.questions.queries import get_question, list_questions
from events.questions.rules import ASK_RATE, VOTE_RATE

blueprint = Blueprint("questions", __name__)
KEYS = ("livestream:ask",)
error_messages.register(
    {
        "not_asking": _l("Questions aren't taken here now."),
        "question_closed": _l("This question has been answered."),
        "answer_needs_answered": _l("A question with a written answer has been answered."),
    }
)


@page(blueprint, "/livestreams/<slug>/questions", who=Access.ANYONE, keys=("livestream:watch",))
def index(req: PageRequest, slug: str) -> Response:
    """All questions in pages; panels show only the first ones."""
    livestream = get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    if membership is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
    return req.render(
        "questions/index.html",
        livestream=livestream,
        listed=list_questions(req.db, req.actor, livestream, req.page_number),
        may_ask=may_ask(req.actor, livestream, membership),
        directs=may_change(req.actor, livestream, membership),
    )


@page(blueprint, "/livestreams/<slug>/questions", who=Access.SIGNED_IN, keys=KEYS, methods=("POST",))
def ask(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    req.limit("questions", ASK_RATE)
    form = req.form(forms.AskFromPage)

    def post(data: forms.AskFromPage) -> Question:
        return actions.ask_question(
            req.db, req.actor, forms.Ask(livestream=livestream.slug, **data.model_dump())
        )

    if form.act(post) is None:
        return req.render("questions/ask.html", form=form, slug=slug, fresh_id=new_id())
    return req.go("stage.show", slug=livestream.slug, tab="questions", done=_("Your question is in."))


@page(blueprint, "/questions/<question_id>/vote", who=Access.SIGNED_IN, keys=KEYS, methods=("POST",))
def vote(req: PageRequest, question_id: str) -> Response:
    """A vote that is too late changes nothing; the target page shows the state."""
    req.limit("votes", VOTE_RATE)
    form = req.form(forms.VoteFromPage)
    question, livestream, _membership = get_question(req.db, req.actor, question_id)
    form.act(lambda data: actions.vote_for_question(req.db, req.actor, question.id, data.up))
    return req.go("stage.show", slug=livestream.slug, tab="questions", notice=form.first_error)


@page(blueprint, "/questions/<question_id>/state", who=Access.ORGANISER, methods=("POST",))
def change(req: PageRequest, question_id: str) -> Response:
    question, livestream, membership = get_question(req.db, req.actor, question_id)
    authorize(may_change, req.actor, livestream, membership)
    form = req.form(forms.ChangeFromPage)

    def save(data: forms.ChangeFromPage) -> Question:
        return actions.change_question(
            req.db, req.actor, forms.Change(question=question.id, **data.model_dump())
        )

    if form.act(save) is None:
        return req.render("questions/answer.html", form=form, question=question, slug=livestream.slug)
    return req.go("stage.desk", slug=livestream.slug)

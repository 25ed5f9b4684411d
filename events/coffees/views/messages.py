"""Chat of a coffee over HTTP: history as JSON, and posting by form without scripts or socket."""

from flask import jsonify, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.chat import forms
from events.chat.actions.messages import post_message
from events.chat.models import Entry, NewEntry
from events.chat.queries.entries import read_entries
from events.chat.queries.rooms import find_room
from events.chat.rules import POST_RATE
from events.coffees.queries.room import KIND
from events.coffees.views.coffee_page import blueprint, coffee_of, show_card
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.answers import answer_form_or_json
from events.core.web.forms import parse_page
from events.core.web.pages import page, wants_json
from events.core.web.request import PageRequest

KEYS = ("coffee:talk",)
error_messages.register(
    {
        "coffee_chat_not_open": _l("You can write to each other once everyone has said yes."),
        "coffee_chat_closed": _l("Messages of this coffee are closed. What was said stays here to read."),
    }
)


@page(blueprint, "/coffees/<id>/messages", who=Access.PARTNER, keys=KEYS)
def messages(req: PageRequest, id: str) -> Response:
    """Entries after (or before) a number as JSON; a browser that opens the address is sent to the page."""
    rights = find_room(req.db, req.actor, f"{KIND}:{id}")
    if not request.args and not wants_json():
        return req.go("coffees.show", id=id, _anchor="messages")
    asked = parse_page(forms.History, {name: request.args.getlist(name) for name in request.args})
    return jsonify(read_entries(req.db, rights.subject_id, after=asked.after, before=asked.before))


@page(blueprint, "/coffees/<id>/messages", who=Access.PARTNER, keys=KEYS, methods=("POST",), name="say")
def say(req: PageRequest, id: str) -> Response:
    """Post by form. A page whose socket is blocked asks for JSON."""
    room = f"{KIND}:{id}"
    find_room(req.db, req.actor, room)
    req.limit("chat", POST_RATE)

    def post(data: forms.PostFromPage) -> Entry | NewEntry:
        return post_message(req.db, req.actor, forms.Post(room=room, **data.model_dump()))

    return answer_form_or_json(
        req,
        forms.PostFromPage,
        post,
        as_json=lambda entry: {"id": entry.id, "seq": entry.seq},
        again=lambda form: show_card(req, coffee_of(req, id), chat_form=form),
        done=lambda: req.go("coffees.show", id=id, _anchor="messages"),
    )

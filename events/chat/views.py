"""Chat over HTTP: history as JSON, and posting by form without scripts or socket."""

from flask import Blueprint, jsonify, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.chat import forms
from events.chat.actions.messages import post_message
from events.chat.models import Entry, NewEntry
from events.chat.queries.entries import read_entries
from events.chat.queries.rooms import find_room
from events.chat.rules import POST_RATE
from events.core.auth.endpoints import Access
from events.core.ids import new_id
from events.core.web import error_messages
from events.core.web.answers import answer_form_or_json
from events.core.web.forms import parse_page
from events.core.web.pages import page
from events.core.web.request import PageRequest

blueprint = Blueprint("chat", __name__)
KEYS = ("livestream:talk",)
error_messages.register(
    {
        "chat_not_open": _l("The chat opens with the lobby."),
        "chat_closed": _l("The chat is closed. Everything that was said stays here to read."),
        "muted": _l("The team has paused your messages here for half an hour. You can read along."),
        "client_id_reused": _l("This message was sent before in other words. Send it again."),
        "bad_reply": _l("The message you answer is gone. Send yours by itself."),
        "line_gone": _l("This message is gone."),
        "edit_too_late": _l("A message can be changed for ten minutes. Write a new one."),
    }
)


@page(blueprint, "/livestreams/<slug>/chat", who=Access.ANYONE, keys=KEYS)
def history(req: PageRequest, slug: str) -> Response:
    """Entries after (or before) a number, for catching up and for pages without a socket."""
    rights = find_room(req.db, req.actor, f"livestream:{slug}")
    asked = parse_page(forms.History, {name: request.args.getlist(name) for name in request.args})
    found = read_entries(req.db, rights.subject_id, after=asked.after, before=asked.before)
    return jsonify({**found, "state": rights.state, "version": rights.version})


@page(
    blueprint,
    "/livestreams/<slug>/chat",
    who=Access.SIGNED_IN,
    keys=KEYS,
    methods=("POST",),
    name="say",
)
def say(req: PageRequest, slug: str) -> Response:
    """Post by form. A page whose socket is blocked asks for JSON."""
    room = f"livestream:{slug}"
    find_room(req.db, req.actor, room)
    req.limit("chat", POST_RATE)

    def post(data: forms.PostFromPage) -> Entry | NewEntry:
        return post_message(req.db, req.actor, forms.Post(room=room, **data.model_dump()))

    return answer_form_or_json(
        req,
        forms.PostFromPage,
        post,
        as_json=lambda entry: {"id": entry.id, "seq": entry.seq},
        again=lambda form: req.render("chat/say.html", form=form, slug=slug, fresh_id=new_id()),
        done=lambda: req.go("stage.show", slug=slug, tab="chat"),
    )

"""One's photo: made safe and small when it comes in, kept by browsers for good when it goes out."""

import re
from pathlib import Path

from flask import request, send_from_directory
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts import actions, forms, queries
from events.accounts.views.entry import blueprint
from events.accounts.views.me import show_me
from events.core.door import Door
from events.core.errors import Invalid, NotFound
from events.core.media import save_photo
from events.core.rights import Who
from events.core.web import page

_NAME = re.compile(r"[a-z2-7]{26}\.webp")


@page(blueprint, "/me/photo", who=Who.SELF, methods=("POST",))
def change_photo(door: Door) -> Response:
    user = queries.get_user(door.db, door.actor.id)
    form = door.form(forms.ChangePhoto)
    if form.data is None:
        return show_me(door, user, photo=form)
    door.limit("photo", "20 per hour")
    given = request.files.get("photo")
    door.finish()
    try:
        name = None if form.data.remove else _save(door, given.stream.read() if given else b"")
    except Invalid as invalid:
        form.refuse(invalid)
        return show_me(door, user, photo=form)
    former = actions.set_photo(door.db, door.actor, name)
    door.finish()
    if former is not None:
        (_directory(door) / former).unlink(missing_ok=True)
    return door.go("accounts.me", done=_("Saved."))


@page(blueprint, "/photos/<name>", who=Who.ANYONE)
def photo(door: Door, name: str) -> Response:
    """The name cannot be guessed and never gets another picture, so a browser may keep it."""
    if not _NAME.fullmatch(name):
        raise NotFound
    response = send_from_directory(_directory(door).absolute(), name, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _save(door: Door, data: bytes) -> str:
    if not data:
        raise Invalid(fields=[("photo", "no_picture")])
    return save_photo(_directory(door), data)


def _directory(door: Door) -> Path:
    return door.settings.media_dir / "photos"

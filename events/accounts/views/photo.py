"""Upload and delivery of profile photos: re-encoded on upload, immutable for caches."""

import re
from pathlib import Path

from flask import request, send_from_directory
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.accounts import forms
from events.accounts.actions import profile
from events.accounts.queries import people
from events.accounts.views.profile import render_profile
from events.accounts.views.sign_in import blueprint
from events.core.auth.endpoints import Access
from events.core.errors import Invalid, NotFound
from events.core.media.files import save_photo
from events.core.web.pages import page
from events.core.web.request import PageRequest

_NAME = re.compile(r"[a-z2-7]{26}\.webp")


@page(blueprint, "/me/photo", who=Access.SELF, methods=("POST",))
def change_photo(req: PageRequest) -> Response:
    user = people.get_user(req.db, req.actor.id)
    form = req.form(forms.ChangePhoto)
    if form.data is None:
        return render_profile(req, user, photo=form)
    req.limit("photo", "20 per hour")
    given = request.files.get("photo")
    req.finish()
    try:
        name = None if form.data.remove else _save(req, given.stream.read() if given else b"")
    except Invalid as invalid:
        form.refuse(invalid)
        return render_profile(req, user, photo=form)
    former = profile.set_photo(req.db, req.actor, name)
    req.finish()
    if former is not None:
        (_directory(req) / former).unlink(missing_ok=True)
    return req.go("accounts.me", done=_("Saved."))


@page(blueprint, "/photos/<name>", who=Access.ANYONE)
def photo(req: PageRequest, name: str) -> Response:
    """File names are random and never reused, so browsers may cache for ever."""
    if not _NAME.fullmatch(name):
        raise NotFound
    response = send_from_directory(_directory(req).absolute(), name, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _save(req: PageRequest, data: bytes) -> str:
    if not data:
        raise Invalid(fields=[("photo", "no_picture")])
    return save_photo(_directory(req), data)


def _directory(req: PageRequest) -> Path:
    return req.settings.media_dir / "photos"

"""View for manual edits of a draft: one endpoint, one edit a request."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.core.auth.endpoints import Access
from events.core.errors import Invalid
from events.core.i18n.formatting import current_locale, when
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone
from events.rounds import forms
from events.rounds.actions import draft_edits, drafts
from events.rounds.forms import ChangeDraft
from events.rounds.models import Round
from events.rounds.queries import rounds
from events.rounds.queries.naming import FIELDS, resolve_people
from events.rounds.views.opting_in import blueprint
from events.rounds.views.rounds import render_round

FIT_MESSAGES = {
    "better": _l("Swapped. They fit better now."),
    "less_well": _l("Swapped. They fit less well now."),
    "as_well": _l("Swapped. They fit as well as before."),
}


@page(blueprint, "/rounds/<id>/draft", who=Access.ORGANISER, methods=("POST",))
def change_draft(req: PageRequest, id: str) -> Response:
    found = rounds.get_directed(req.db, req.actor, id)
    form = req.form(forms.ChangeDraft)
    if form.data is None:
        raise Invalid("bad_choice")
    if form.data.do in FIELDS and found.state == "draft":
        # Names are resolved before the attempt is counted, so a typo costs none.
        form.act(lambda data: resolve_people(req.db, found, data))
        if form.errors:
            return render_round(req, found, form)
        form.act(lambda data: draft_edits.count_attempt(req.db, req.actor, found, data.version))
    said = form.act(lambda data: _CHANGES[data.do](req, found, data)) if not form.errors else None
    return req.go("rounds.round", id=found.id, done=said, notice=form.first_error)


def _keep(req: PageRequest, round_: Round, data: ChangeDraft) -> str:
    locked = data.do == "lock"
    draft_edits.set_coffee_locked(req.db, req.actor, round_, data.number, data.version, locked=locked)
    return str(_("They stay together.") if locked else _("They can be paired anew."))


def _note(req: PageRequest, round_: Round, data: ChangeDraft) -> str:
    draft_edits.write_note(req.db, req.actor, round_, data.number, data.note, data.version)
    return str(_("Saved."))


def _apart(req: PageRequest, round_: Round, data: ChangeDraft) -> str:
    draft_edits.dissolve_coffee(req.db, req.actor, round_, data.number, data.version)
    return str(_("Taken apart. Put them together with others, or pair everyone anew."))


def _together(req: PageRequest, round_: Round, data: ChangeDraft) -> str:
    people = resolve_people(req.db, round_, data)
    draft_edits.group_people(req.db, req.actor, round_, people, data.version)
    return str(_("Put together, at the first time they share."))


def _swap(req: PageRequest, round_: Round, data: ChangeDraft) -> str:
    one, other = resolve_people(req.db, round_, data)
    return str(FIT_MESSAGES[draft_edits.swap_people(req.db, req.actor, round_, one, other, data.version)])


def _undo(req: PageRequest, round_: Round, data: ChangeDraft) -> str:
    draft_edits.undo_change(req.db, req.actor, round_, data.version)
    return str(_("Back to what it was."))


def _anew(req: PageRequest, round_: Round, data: ChangeDraft) -> str:
    drafts.request_new_plan(req.db, req.actor, round_, data.version)
    return str(_("The others are being paired anew."))


def _release(req: PageRequest, round_: Round, _data: ChangeDraft) -> str:
    held = drafts.release_draft(req.db, req.actor, round_)
    moment = when(held.publish_at, "hour", reader_zone(), current_locale())
    return str(_("The coffees are proposed at %(moment)s. Until then you can hold them back.", moment=moment))


def _hold_back(req: PageRequest, round_: Round, _data: ChangeDraft) -> str:
    drafts.cancel_release(req.db, req.actor, round_)
    return str(_("Held back. No mail has left."))


_CHANGES: dict[str, Callable[[PageRequest, Round, ChangeDraft], str]] = {
    "lock": _keep,
    "unlock": _keep,
    "note": _note,
    "apart": _apart,
    "together": _together,
    "swap": _swap,
    "undo": _undo,
    "anew": _anew,
    "release": _release,
    "hold_back": _hold_back,
}

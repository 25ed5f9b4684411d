"""The draft of a round in the hands of its organisers: one address, one change at a time."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.core.door import Door
from events.core.errors import Invalid
from events.core.locale import current_locale, when
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import page
from events.matching import actions, forms, queries
from events.matching.forms import ChangeDraft
from events.matching.models import Round
from events.matching.queries.naming import FIELDS, resolve_people
from events.matching.views.rounds import render_round
from events.matching.views.saying import blueprint

FIT_WORDS = {
    "better": _l("Swapped. They fit better now."),
    "less_well": _l("Swapped. They fit less well now."),
    "as_well": _l("Swapped. They fit as well as before."),
}


@page(blueprint, "/rounds/<id>/draft", who=Who.ORGANISER, methods=("POST",))
def change_draft(door: Door, id: str) -> Response:
    found = queries.get_directed(door.db, door.actor, id)
    form = door.form(forms.ChangeDraft)
    if form.data is None:
        raise Invalid("bad_choice")
    if form.data.do in FIELDS and found.state == "draft":
        # Whom a name means is found before the try is counted: a slip of the pen costs none.
        form.act(lambda data: resolve_people(door.db, found, data))
        if form.errors:
            return render_round(door, found, form)
        form.act(lambda data: actions.count_try(door.db, door.actor, found, data.version))
    said = form.act(lambda data: _CHANGES[data.do](door, found, data)) if not form.errors else None
    return door.go("matching.round", id=found.id, done=said, notice=form.first_error)


def _keep(door: Door, round_: Round, data: ChangeDraft) -> str:
    locked = data.do == "lock"
    actions.lock_coffee(door.db, door.actor, round_, data.number, data.version, locked=locked)
    return str(_("They stay together.") if locked else _("They can be paired anew."))


def _note(door: Door, round_: Round, data: ChangeDraft) -> str:
    actions.write_note(door.db, door.actor, round_, data.number, data.note, data.version)
    return str(_("Saved."))


def _apart(door: Door, round_: Round, data: ChangeDraft) -> str:
    actions.take_apart(door.db, door.actor, round_, data.number, data.version)
    return str(_("Taken apart. Put them together with others, or pair everyone anew."))


def _together(door: Door, round_: Round, data: ChangeDraft) -> str:
    people = resolve_people(door.db, round_, data)
    actions.put_together(door.db, door.actor, round_, people, data.version)
    return str(_("Put together, at the first time they share."))


def _swap(door: Door, round_: Round, data: ChangeDraft) -> str:
    one, other = resolve_people(door.db, round_, data)
    return str(FIT_WORDS[actions.swap_people(door.db, door.actor, round_, one, other, data.version)])


def _undo(door: Door, round_: Round, data: ChangeDraft) -> str:
    actions.undo_change(door.db, door.actor, round_, data.version)
    return str(_("Back to what it was."))


def _anew(door: Door, round_: Round, data: ChangeDraft) -> str:
    actions.pair_anew(door.db, door.actor, round_, data.version)
    return str(_("The others are being paired anew."))


def _release(door: Door, round_: Round, _data: ChangeDraft) -> str:
    held = actions.release_draft(door.db, door.actor, round_)
    moment = when(held.publish_at, "hour", reader_zone(), current_locale())
    return str(_("The coffees are proposed at %(moment)s. Until then you can hold them back.", moment=moment))


def _hold_back(door: Door, round_: Round, _data: ChangeDraft) -> str:
    actions.hold_back(door.db, door.actor, round_)
    return str(_("Held back. No mail has left."))


_CHANGES: dict[str, Callable[[Door, Round, ChangeDraft], str]] = {
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

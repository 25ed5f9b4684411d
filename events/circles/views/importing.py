"""Import of a member list: preview first, then one welcome mail per person."""

from collections import Counter
from dataclasses import replace

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles import policy
from events.circles.actions import joining
from events.circles.actions.invitations import change_line
from events.circles.forms.circles import Invitee
from events.circles.forms.headings import Meaning
from events.circles.forms.importing import (
    MAX_LIST_LENGTH,
    ImportPeople,
    ImportRow,
    MemberList,
    decode,
    format_problems,
    read_list,
)
from events.circles.queries.known_addresses import known_addresses
from events.circles.views.circle import blueprint, circle_and_membership
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.security_headers import allow_frame

error_messages.register(
    {
        "too_many_people": _l("A list holds at most 500 people. Do the rest in a second one."),
        "too_many_invited": _l(
            "Today this circle can invite %(most)s people in all. Do the rest tomorrow; nothing was sent."
        ),
    }
)
PROBLEMS = {
    "no_address": _l("no e-mail address, or not a right one"),
    "several": _l("has several addresses; keep one"),
    "twice": _l("is here twice; the first one counts"),
    "bad_name": _l("the name or company cannot be kept like this"),
}
MEANINGS: list[tuple[Meaning, LazyString]] = [
    ("", _l("Leave out")),
    ("email", _l("E-mail address")),
    ("name", _l("Name")),
    ("first", _l("First name")),
    ("between", _l("Prefix of the last name")),
    ("last", _l("Last name")),
    ("company", _l("Company")),
]


@page(blueprint, "/circles/<slug>/import", who=Access.ORGANISER, methods=("GET", "POST"))
def import_people(req: PageRequest, slug: str) -> Response:
    """The preview sends nothing. After sending, rows with problems stay in the field."""
    circle, own = circle_and_membership()
    authorize(policy.may_organise, req.actor, own)
    form = req.form(ImportPeople, uploaded=_uploaded())
    found: MemberList | None = None
    outcome: Counter[str] | None = None
    known: dict[str, str] = {}
    changed = line_changed = False
    if form.data is not None:
        req.limit("import", "60 per hour")
        found = form.act(lambda data: read_list(data.people, data.columns, data.seen))
        if form.data.line_shown:
            line_changed = change_line(req.db, req.actor, circle, form.data.line or "")
    allow_frame("'self'")  # of the mail
    if found is not None and form.data is not None and form.data.step == "send":
        # Send only what was previewed; changed columns, line or another list are previewed again.
        changed = line_changed or form.data.looked not in {"", found.looked}
        if not changed:
            right = [row for row in found.lines if not row.problem]
            outcome = form.act(lambda _data: _invite(req, right))
    if found is not None and outcome is not None:
        form.values = {"people": format_problems(found, {key: str(words) for key, words in MEANINGS})}
        found = replace(found, lines=[row for row in found.lines if row.problem], columns=[])
    elif found is not None:
        known = known_addresses(req.db, circle.id, [row.email for row in found.lines if not row.problem])
    return req.render(
        "circles/import.html",
        form=form,
        circle=circle,
        found=found,
        outcome=outcome,
        known=known,
        counts=Counter(known.values()) if outcome is None else outcome,
        changed=changed,
        problems=PROBLEMS,
        meanings=MEANINGS,
    )


def _uploaded() -> dict[str, str] | None:
    """Decoded text of the uploaded file, if one was chosen."""
    file = request.files.get("file")
    data = file.stream.read(4 * MAX_LIST_LENGTH + 4) if file is not None else b""
    return {"people": decode(data)} if data else None


def _invite(req: PageRequest, right: list[ImportRow]) -> Counter[str]:
    circle, _own = circle_and_membership()
    people = [Invitee(entry.written, entry.name, entry.email, entry.company) for entry in right]
    return Counter(entry.outcome for entry in joining.invite_members(req.db, req.actor, circle, people))

"""Pages of a circle's book, for its team."""

from babel.dates import get_month_names
from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.models import User
from events.circles.models import Circle
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.circles.queries.person_lookup import list_candidates, list_suggested, visible_ids
from events.circles.rules import label_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.i18n.formatting import current_locale
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import FormState, PageRequest
from events.handbooks import actions, policy
from events.handbooks.forms import ChangeDate, ChangeEntry, ChangeHeld
from events.handbooks.models import BookEntry
from events.handbooks.queries import get_entry, read_book

blueprint = Blueprint("handbooks", __name__)
error_messages.register(
    {
        "looks_like_password": _l(
            "That looks like a password. Keep passwords in a password manager; here only where the account "
            "is and who holds it."
        ),
        "book_full": _l("The book holds at most 60 of these. Remove one that is no longer needed."),
        "bad_day": _l("This month doesn't have that day."),
    }
)
TITLES = {"date": _l("A date in the year"), "role": _l("A role"), "account": _l("An outside account")}


@page(blueprint, "/circles/<slug>/book", who=Access.ORGANISER)
def book(req: PageRequest, slug: str) -> Response:
    circle = _circle(req, slug)
    return req.render(
        "handbooks/book.html", circle=circle, book=read_book(req.db, req.actor, circle), months=_months()
    )


@page(
    blueprint,
    "/circles/<slug>/book/new/<kind>",
    who=Access.ORGANISER,
    methods=("GET", "POST"),
)
def add(req: PageRequest, slug: str, kind: str) -> Response:
    circle = _circle(req, slug)
    if kind not in TITLES:
        raise NotFound
    form = _form(req, kind)
    if form.act(lambda data: actions.add_entry(req.db, req.actor, circle, kind, data)) is not None:
        return req.go("handbooks.book", slug=circle.slug, done=_("Saved."))
    return _entry(req, circle, form, kind, None)


@page(blueprint, "/circles/<slug>/book/<entry_id>", who=Access.ORGANISER, methods=("GET", "POST"))
def change(req: PageRequest, slug: str, entry_id: str) -> Response:
    circle = _circle(req, slug)
    entry = get_entry(req.db, circle, entry_id)
    form = _form(req, entry.kind, {} if req.posted else _stored(entry))
    if form.act(lambda data: actions.change_entry(req.db, req.actor, circle, entry_id, data)) is not None:
        return req.go("handbooks.book", slug=circle.slug, done=_("Saved."))
    return _entry(req, circle, form, entry.kind, entry)


@page(blueprint, "/circles/<slug>/book/<entry_id>/remove", who=Access.ORGANISER, methods=("POST",))
def remove(req: PageRequest, slug: str, entry_id: str) -> Response:
    circle = _circle(req, slug)
    actions.remove_entry(req.db, req.actor, circle, entry_id)
    return req.go("handbooks.book", slug=circle.slug, done=_("Removed from the book."))


def _circle(req: PageRequest, slug: str) -> Circle:
    """The circle of the URL, for its team."""
    circle = get_circle(req.db, slug, req.actor)
    authorize(policy.may_use_book, req.actor, membership_of(req.db, req.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    return circle


def _form(req: PageRequest, kind: str, initial: dict[str, object] | None = None) -> FormState[ChangeEntry]:
    model: type[ChangeEntry] = ChangeDate if kind == "date" else ChangeHeld
    return req.form(model, initial)


def _entry(
    req: PageRequest, circle: Circle, form: FormState[ChangeEntry], kind: str, entry: BookEntry | None
) -> Response:
    suggested = list_suggested(req.db, req.actor, circle, []) if kind != "date" else []
    return req.render(
        "handbooks/entry.html",
        form=form,
        circle=circle,
        kind=kind,
        entry=entry,
        title=TITLES[kind],
        months=_months(),
        labels=[label_of(user) for user in suggested],
        people={name: _several(req, circle, form, name) for name in ("holder", "stand_in")},
    )


def _several(req: PageRequest, circle: Circle, form: FormState[ChangeEntry], name: str) -> list[User]:
    """Candidates to choose from when the typed name fits several people."""
    if form.codes.get(name) != "several_people":
        return []
    return list_candidates(req.db, visible_ids(req.db, req.actor, circle), str(form.values.get(name, "")))


def _stored(entry: BookEntry) -> dict[str, object]:
    stored: dict[str, object] = {
        "what": entry.what,
        "note": entry.note,
        "month": entry.month or "",
        "day": entry.day or "",
        "address": entry.address,
    }  # the page of each kind shows those of its form
    for name, user in (("holder", entry.holder), ("stand_in", entry.stand_in)):
        if user is not None:
            stored |= {name: label_of(user), f"{name}_id": user.id}
    return stored


def _months() -> list[tuple[int, str]]:
    names = get_month_names("wide", context="stand-alone", locale=current_locale())
    return [(number, names[number]) for number in range(1, 13)]

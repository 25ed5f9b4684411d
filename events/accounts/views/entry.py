"""Signing up, in and out."""

from flask import Blueprint, request, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from events.accounts import actions, forms, queries
from events.accounts.models import User
from events.accounts.rules import describe_browser
from events.core import words
from events.core.door import SESSION_KEYS, Door, safe_path
from events.core.errors import Invalid
from events.core.locale import current_locale
from events.core.rights import Who
from events.core.secrets import hash_password, verify_password
from events.core.web import current_door, page

blueprint = Blueprint("accounts", __name__)

words.register(
    {
        "wrong_sign_in": _l("This address and password don't go together. Try again, or have a link mailed."),
        "wrong_password": _l("This isn't your present password."),
        "password_too_short": _l("Use at least ten characters. A few words in a row work well."),
        "bad_zone": _l("Choose a time zone from the list."),
        "no_picture": _l("Choose a picture first."),
        "bad_phone": _l(
            "This isn't a phone number we can read. With the country in front it always works: +31 6 …"
        ),
        "bad_linkedin": _l("This doesn't open a LinkedIn page. It looks like linkedin.com/in/your-name."),
        "bad_meeting_link": _l("This has to be an address that begins with https://."),
        "key_gone": _l("This link has been used or has expired."),
    }
)
PENDING = "sign_up"  # what this browser typed when it signed up, until the address is confirmed


@blueprint.before_app_request
def note_seen() -> None:
    if current_user.is_authenticated:
        door = current_door()
        actions.note_seen(door.db, door.actor)


@page(blueprint, "/sign-up", who=Who.ANYONE, methods=("GET", "POST"))
def sign_up(door: Door) -> Response:
    """Name and password stay in this browser until the address is confirmed in it.

    Whoever signs up with another's address thus leaves no password behind on that person's account.
    """
    if door.actor.is_signed_in():
        return door.go_path(request.args.get("next") or "/")
    form = door.form(forms.SignUp, {"next": request.args.get("next", "")})
    if form.data is None:
        return door.render("accounts/sign_up.html", form=form)
    limit_mail(door, form.data.email)
    door.finish()
    hashed = hash_password(form.data.password) if form.data.password else None
    actions.start_sign_up(door.db, door.actor, form.data, current_locale())
    session[PENDING] = [form.data.email, form.data.name, form.data.known_zone, hashed]
    session["next"] = safe_path(form.data.next)
    return door.go("accounts.check_mail")


@page(blueprint, "/sign-in", who=Who.ANYONE, methods=("GET", "POST"))
def sign_in(door: Door) -> Response:
    if door.actor.is_signed_in():
        return door.go_path(request.args.get("next") or "/")
    form = door.form(forms.SignIn, {"next": request.args.get("next", "")})
    if form.data is None:
        return door.render("accounts/sign_in.html", form=form)
    if form.data.how == "link":
        limit_mail(door, form.data.email)
        actions.ask_sign_in_link(door.db, door.actor, form.data.email)
        session["next"] = safe_path(form.data.next)
        return door.go("accounts.check_mail")
    user = _find_by_password(door, form.data)
    if user is None:
        form.refuse(Invalid("wrong_sign_in"))
        return door.render("accounts/sign_in.html", form=form)
    enter(door, user, "password")
    return door.go_path(form.data.next or "/")


@page(blueprint, "/check-mail", who=Who.ANYONE)
def check_mail(door: Door) -> Response:
    return door.render("accounts/check_mail.html")


@page(blueprint, "/sign-out", who=Who.ANYONE, methods=("POST",))
def sign_out(door: Door) -> Response:
    if door.actor.sign_in_id is not None:
        actions.end_sign_in(door.db, door.actor, door.actor.sign_in_id)
    door.sign_out()
    return door.go_path("/")


def limit_mail(door: Door, email: str) -> None:
    """Nobody's mailbox is flooded through us, whether we know the address or not."""
    door.limit("mail to one address", "5 per hour", key=email)
    door.limit_network("mail asked from one address", "60 per hour")


def enter(door: Door, user: User, how: str) -> None:
    """Sign this person in here. The cookie starts anew; the theme and the person's own keys stay."""
    keys = list(session.get(SESSION_KEYS, [])) if door.actor.person_id == user.id else []
    theme = user.theme or session.get("theme", "")
    browser = describe_browser(request.user_agent.string)
    row = actions.start_sign_in(door.db, door.actor, user, how, browser)
    door.sign_in(queries.load_actor(door.db, row.id, ()))
    session["theme"] = theme
    for key_id in reversed(keys):
        door.take_key(key_id)


def _find_by_password(door: Door, data: forms.SignIn) -> User | None:
    """The person when address and password go together. Every other case takes equally long."""
    door.limit("sign-in to one account", "10 per 3 minutes", key=data.email)
    door.limit_network("sign-in from one address", "60 per 3 minutes")
    user = queries.find_user_by_email(door.db, data.email)
    proven = user is not None and user.confirmed_at is not None
    door.finish()
    hashed = user.password_hash if user is not None and proven else None
    return user if verify_password(hashed, data.password or "") else None

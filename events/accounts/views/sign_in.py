"""Sign-up, sign-in and sign-out pages."""

from flask import Blueprint, request, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from events.accounts import forms
from events.accounts.actions import links, sign_ins
from events.accounts.models import User
from events.accounts.queries import people
from events.accounts.queries.actors import load_actor
from events.accounts.rules import describe_browser
from events.core.auth.crypto import hash_password, verify_password
from events.core.auth.endpoints import Access
from events.core.errors import Invalid
from events.core.i18n.formatting import current_locale
from events.core.network.client_network import current_network
from events.core.web import error_messages
from events.core.web.browser_id import browser_mark, is_known_here, limit_mail, remember_here
from events.core.web.pages import current_request, page
from events.core.web.request import SESSION_KEYS, PageRequest, safe_path

blueprint = Blueprint("accounts", __name__)

error_messages.register(
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
        "bad_meeting_link": _l(
            "We can't use this link. It begins with https:// and has no port, name or space in it."
        ),
        "key_gone": _l("This link has been used or has expired."),
        "fresh_proof": _l(
            "First show that this address is still yours: have a link mailed and open it here."
        ),
    }
)
PASSWORD_RATE = "10 per 3 minutes"  # noqa: S105 - of one account, from one network or one known browser
PASSWORD_RATE_OF_ALL = "400 per hour"  # noqa: S105 - of one account, from all browsers it is not known in
MAILED = "mailed"  # session key: [address, endpoint of the form] of the last mailed link


@blueprint.before_app_request
def note_seen() -> None:
    if current_user.is_authenticated:
        req = current_request()
        sign_ins.update_last_seen(req.db, req.actor)


@page(blueprint, "/sign-up", who=Access.ANYONE, methods=("GET", "POST"))
def sign_up(req: PageRequest) -> Response:
    """Name and password wait on the server for confirmation and apply only in this browser.

    Signing up with another's address therefore leaves no password on that account.
    """
    if req.actor.is_signed_in():
        return req.go_path(request.args.get("next") or "/")
    form = req.form(forms.SignUp, {"next": request.args.get("next", "")})
    if form.data is None:
        return req.render("accounts/sign_up.html", form=form)
    limit_mail(req, form.data.email, _find_user_id(req, form.data.email))
    req.finish()
    hashed = hash_password(form.data.password) if form.data.password else None
    path = safe_path(form.data.next)
    links.start_sign_up(
        req.db,
        req.actor,
        form.data,
        current_locale(),
        browser=browser_mark(),
        next_path=path,
        hashed=hashed,
    )
    return redirect_to_check_mail(req, form.data.email, "accounts.sign_up", path)


@page(blueprint, "/sign-in", who=Access.ANYONE, methods=("GET", "POST"))
def sign_in(req: PageRequest) -> Response:
    if req.actor.is_signed_in():
        return req.go_path(request.args.get("next") or "/")
    form = req.form(forms.SignIn, {"next": request.args.get("next", "")})
    announced = people.find_announcement(req.db, str(form.values.get("next") or ""))
    if form.data is None:
        return req.render("accounts/sign_in.html", form=form, announced=announced)
    if form.data.by_link:
        limit_mail(req, form.data.email, _find_user_id(req, form.data.email))
        links.request_sign_in_link(req.db, req.actor, form.data.email, browser_mark())
        return redirect_to_check_mail(req, form.data.email, "accounts.sign_in", safe_path(form.data.next))
    user = _find_by_password(req, form.data)
    if user is None:
        form.refuse(Invalid("wrong_sign_in"))
        return req.render("accounts/sign_in.html", form=form, announced=announced)
    start_session(req, user, "password")
    return req.go_path(form.data.next or "/")


@page(blueprint, "/check-mail", who=Access.ANYONE)
def check_mail(req: PageRequest) -> Response:
    address, endpoint = session.get(MAILED, ["", "accounts.sign_in"])
    path = session.get("next", "")
    return req.render("accounts/check_mail.html", address=address, again=endpoint, next=path)


@page(blueprint, "/sign-out", who=Access.ANYONE, methods=("POST",))
def sign_out(req: PageRequest) -> Response:
    if req.actor.sign_in_id is not None:
        sign_ins.end_sign_in(req.db, req.actor, req.actor.sign_in_id)
    req.sign_out()
    return req.go_path("/")


def redirect_to_check_mail(req: PageRequest, address: str, endpoint: str, path: str) -> Response:
    """`path` is where the mailed link will lead in this browser."""
    session["next"] = path
    session[MAILED] = [address, endpoint]
    return req.go("accounts.check_mail")


def start_session(req: PageRequest, user: User, how: str) -> None:
    """Sign this person in with a new session; theme and the person's own keys are kept."""
    keys = list(session.get(SESSION_KEYS, [])) if req.actor.person_id == user.id else []
    theme = user.theme or session.get("theme", "")
    browser = describe_browser(request.user_agent.string)
    row = sign_ins.start_sign_in(req.db, req.actor, user, how, browser)
    req.sign_in(load_actor(req.db, row.id, ()))
    remember_here(user.id)
    session["theme"] = theme
    for key_id in reversed(keys):
        req.take_key(key_id)


def _find_user_id(req: PageRequest, email: str) -> str | None:
    user = people.find_user_by_email(req.db, email)
    return user.id if user is not None else None


def _find_by_password(req: PageRequest, data: forms.SignIn) -> User | None:
    """The person whose address and password match. Takes equally long in every other case.

    Failures count per account and network, so strangers cannot lock the owner out. A browser in
    which the owner signed in before has its own count.
    """
    user = people.find_user_by_email(req.db, data.email)
    if is_known_here(user.id if user else None):
        req.limit("sign-in to one account", PASSWORD_RATE, key=f"{data.email} {browser_mark()}")
    else:
        req.limit_network("sign-in from one address", "60 per 3 minutes")
        req.limit("sign-in to one account", PASSWORD_RATE, key=f"{data.email} {current_network()}")
        req.limit("sign-in to one account from all", PASSWORD_RATE_OF_ALL, key=data.email)
    proven = user is not None and user.confirmed_at is not None
    req.finish()
    hashed = user.password_hash if user is not None and proven else None
    return user if verify_password(hashed, data.password or "") else None

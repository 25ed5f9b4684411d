"""Pages of one's own account: profile, password, sessions, mails, language and theme."""

from typing import TypeVar

from flask import session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel
from werkzeug.wrappers import Response

from events.accounts import forms
from events.accounts.actions import keys, links
from events.accounts.actions import profile as accounts_profile
from events.accounts.actions import sign_ins as accounts_sign_ins
from events.accounts.models import User
from events.accounts.queries import people
from events.accounts.rules import LANGUAGES, MAIL_KINDS, with_embed
from events.accounts.views.sign_in import blueprint, redirect_to_check_mail
from events.core.auth.crypto import hash_password, verify_password
from events.core.auth.endpoints import Access
from events.core.db.paging import Page
from events.core.errors import Invalid
from events.core.web.browser_id import browser_mark, limit_mail
from events.core.web.pages import page
from events.core.web.request import FormState, PageRequest

F = TypeVar("F", bound=BaseModel)
MAIL_WORDS = {
    "livestream_announced": _l("A livestream is announced"),
    "livestream_reminder": _l("Reminders of livestreams you registered for"),
    "livestream_nudge": _l("Reminders to wrap up a livestream of yours, or to say what became of it"),
    "recording_ready": _l("A recording is ready"),
    "question_asked": _l("Questions asked after the end of a livestream of yours"),
    "question_answered": _l("The answer to a question you asked"),
    "coffee_nudge": _l("One more word before the time to answer a coffee is over"),
    "coffee_day": _l("A reminder the day before a coffee"),
    "coffee_soon": _l("A reminder an hour before a coffee"),
    "coffee_waiting": _l("A word when someone waits for you in a call"),
    "coffee_message": _l("Messages of a coffee that you haven't read after five minutes"),
    "coffee_after": _l("The two questions after a coffee"),
    "promise_due": _l("A reminder on the day of what you promised"),
    "look_back": _l("The question a month after a coffee"),
    "introduction": _l("Someone would like to introduce you to a member"),
    "round_news": _l("News about a coffee round"),
    "round_reminder": _l("One more word before a coffee round closes"),
    "circle_message": _l("Messages of the organisers of your circles"),
    "welcome_coffee": _l("The offer of a welcome coffee in a new circle"),
    "guest_after": _l("The question to join, after you were a guest"),
    "invitation_reminder": _l("Reminders of an invitation to a circle"),
}
LANGUAGE_WORDS = {
    "nl": _l("Dutch"),
    "en": _l("English"),
    "de": _l("German"),
    "fr": _l("French"),
    "es": _l("Spanish"),
    "it": _l("Italian"),
    "pl": _l("Polish"),
    "tr": _l("Turkish"),
}


@page(blueprint, "/me", who=Access.SELF, methods=("GET", "POST"))
def me(req: PageRequest) -> Response:
    user = people.get_user(req.db, req.actor.id)
    form = req.form(forms.Profile, {} if req.posted else _form_values(user))
    if form.act(lambda data: accounts_profile.change_profile(req.db, req.actor, data)) is not None:
        return req.go("accounts.me", done=_("Saved."))
    return render_profile(req, user, profile=form)


@page(blueprint, "/me/password", who=Access.SELF, methods=("POST",))
def change_password(req: PageRequest) -> Response:
    user = people.get_user(req.db, req.actor.id)
    form = req.form(forms.ChangePassword)
    if form.data is None:
        return render_profile(req, user, password=form)
    req.limit("password", "10 per 3 minutes")
    req.finish()
    if user.password_hash and not verify_password(user.password_hash, form.data.current or ""):
        form.refuse(Invalid(fields=[("current", "wrong_password")]))
        return render_profile(req, user, password=form)
    if form.data.new is None and not form.data.remove:
        form.refuse(Invalid(fields=[("new", "missing")]))
        return render_profile(req, user, password=form)
    hashed = hash_password(form.data.new) if form.data.new and not form.data.remove else None
    try:
        accounts_sign_ins.set_password(req.db, req.actor, hashed)
    except Invalid as invalid:
        form.refuse(invalid)
        return render_profile(req, user, password=form)
    return req.go("accounts.me", done=_("Saved. You are signed out everywhere else."))


@page(blueprint, "/me/password/link", who=Access.SELF, methods=("POST",))
def mail_own_link(req: PageRequest) -> Response:
    """Mail a link as fresh proof of the mailbox, required before a first password."""
    user = people.get_user(req.db, req.actor.id)
    limit_mail(req, user.email, user.id)
    links.request_own_link(req.db, req.actor, browser_mark())
    return redirect_to_check_mail(req, user.email, "accounts.me", url_for("accounts.me"))


@page(blueprint, "/me/keys/end", who=Access.SELF, methods=("POST",))
def end_keys(req: PageRequest) -> Response:
    keys.end_own_keys(req.db, req.actor)
    req.drop_keys()
    done = _("Done. The links in your mails open nothing any more; new mails bring new ones.")
    return req.go("accounts.sign_ins", done=done)


@page(blueprint, "/me/sign-ins", who=Access.SELF)
def sign_ins(req: PageRequest) -> Response:
    found = people.list_sign_ins(req.db, req.actor.id)
    return req.render(
        "accounts/sign_ins.html",
        sign_ins=Page.cut(found, req.page_number),
        count=len(found),
        here=req.actor.sign_in_id,
    )


@page(blueprint, "/me/sign-ins/<sign_in_id>/end", who=Access.SELF, methods=("POST",))
def end_sign_in(req: PageRequest, sign_in_id: str) -> Response:
    accounts_sign_ins.end_sign_in(req.db, req.actor, sign_in_id)
    if sign_in_id != req.actor.sign_in_id:
        return req.go("accounts.sign_ins", done=_("Signed out there."))
    req.sign_out()
    return req.go_path("/")


@page(blueprint, "/me/sign-ins/end-all", who=Access.SELF, methods=("POST",))
def end_all_sign_ins(req: PageRequest) -> Response:
    accounts_sign_ins.end_every_sign_in(req.db, req.actor)
    req.sign_out()
    return req.go_path("/")


@page(blueprint, "/me/mails", who=Access.SELF, methods=("GET", "POST"))
def mail_choices(req: PageRequest) -> Response:
    declined = people.list_declined_mails(req.db, req.actor.id)
    accepted = [kind for kind in MAIL_KINDS if kind not in declined]
    form = req.form(forms.MailChoices, {} if req.posted else {"kinds": accepted})
    if form.data is not None:
        for kind in MAIL_KINDS:
            accounts_profile.switch_mail(req.db, req.actor, req.actor.id, kind, on=kind in form.data.kinds)
        return req.go("accounts.mail_choices", done=_("Saved."))
    if req.posted:
        raise Invalid("bad_choice")
    return req.render("accounts/mails.html", form=form, kinds=MAIL_WORDS)


@page(blueprint, "/me/blocks/<user_id>/end", who=Access.SELF, methods=("POST",))
def unblock(req: PageRequest, user_id: str) -> Response:
    accounts_profile.unblock_person(req.db, req.actor, user_id)
    return req.go("accounts.me", done=_("Saved."))


@page(blueprint, "/locale", who=Access.ANYONE, methods=("POST",))
def set_locale(req: PageRequest) -> Response:
    data = _read_choice(req, forms.ChooseLocale)
    session["locale"] = data.locale
    if req.actor.is_signed_in():
        accounts_profile.choose_locale(req.db, req.actor, data.locale)
    return req.go_path(data.next or "/")


@page(blueprint, "/embeds", who=Access.ANYONE, methods=("POST",))
def allow_embed(req: PageRequest) -> Response:
    """Stored with the person, or in a visitor's browser."""
    data = _read_choice(req, forms.AllowEmbed)
    origin, allowed = data.origin, data.allowed
    if req.actor.person_id is not None:
        accounts_profile.allow_embed(req.db, req.actor, origin, allowed=allowed)
    else:
        session["allowed_embeds"] = with_embed(session.get("allowed_embeds", []), origin, allowed=allowed)
        session.permanent = True
    return req.go_path(data.next or "/")


@page(blueprint, "/theme", who=Access.ANYONE, methods=("POST",))
def set_theme(req: PageRequest) -> Response:
    data = _read_choice(req, forms.ChooseTheme)
    session["theme"] = data.theme or ""
    if req.actor.is_signed_in():
        accounts_profile.choose_theme(req.db, req.actor, session["theme"])
    return req.go_path(data.next or "/")


def _read_choice(req: PageRequest, form: type[F]) -> F:
    """The values of a button or menu. Raises Invalid: nobody typed them, so no form shows them again."""
    data = req.form(form).data
    if data is None:
        raise Invalid("bad_choice")
    return data


def render_profile(
    req: PageRequest,
    user: User,
    *,
    profile: FormState[forms.Profile] | None = None,
    password: FormState[forms.ChangePassword] | None = None,
    photo: FormState[forms.ChangePhoto] | None = None,
) -> Response:
    """The page holds three forms; the one that was sent shows its input, the others stored
    values."""
    sent = profile or password or photo
    return req.render(
        "accounts/me.html",
        form=sent,
        user=user,
        profile=profile or {"values": _form_values(user), "errors": {}},
        password=password,
        photo=photo,
        languages=[(code, LANGUAGE_WORDS[code]) for code in LANGUAGES],
        zones=forms.zone_choices(user.zone),
        blocked=people.list_own_blocks(req.db, req.actor, req.page_number),
    )


def _form_values(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "headline": user.headline,
        "company": user.company,
        "languages": user.languages.split(),
        "zone": user.zone,
        "locale": user.locale,
    }

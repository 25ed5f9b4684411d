"""Everything about oneself: profile, password, browsers, mails, language and looks."""

from flask import session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts import actions, forms, queries
from events.accounts.models import User
from events.accounts.rules import LANGUAGES, MAIL_KINDS, with_embed
from events.accounts.views.entry import blueprint, look_in_mail
from events.core.browser import browser_mark, limit_mail
from events.core.door import Door, FormState
from events.core.errors import Invalid
from events.core.paging import Page
from events.core.rights import Who
from events.core.secrets import hash_password, verify_password
from events.core.web import page

MAIL_WORDS = {
    "livestream_announced": _l("A livestream is announced"),
    "livestream_reminder": _l("Reminders of livestreams you registered for"),
    "recording_ready": _l("A recording is ready"),
    "coffee_nudge": _l("One more word before the time to answer a coffee is over"),
    "coffee_day": _l("A reminder the day before a coffee"),
    "coffee_soon": _l("A reminder an hour before a coffee"),
    "coffee_waiting": _l("A word when someone waits for you in a call"),
    "coffee_after": _l("The two questions after a coffee"),
    "promise_due": _l("A reminder on the day of what you promised"),
    "look_back": _l("The question a month after a coffee"),
    "introduction": _l("Someone would like to introduce you to a member"),
    "round_news": _l("News about a coffee round"),
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


@page(blueprint, "/me", who=Who.SELF, methods=("GET", "POST"))
def me(door: Door) -> Response:
    user = queries.get_user(door.db, door.actor.id)
    form = door.form(forms.Profile, {} if door.posted else _as_typed(user))
    if form.act(lambda data: actions.change_profile(door.db, door.actor, data)) is not None:
        return door.go("accounts.me", done=_("Saved."))
    return show_me(door, user, profile=form)


@page(blueprint, "/me/password", who=Who.SELF, methods=("POST",))
def change_password(door: Door) -> Response:
    user = queries.get_user(door.db, door.actor.id)
    form = door.form(forms.ChangePassword)
    if form.data is None:
        return show_me(door, user, password=form)
    door.limit("password", "10 per 3 minutes")
    door.finish()
    if user.password_hash and not verify_password(user.password_hash, form.data.current or ""):
        form.refuse(Invalid(fields=[("current", "wrong_password")]))
        return show_me(door, user, password=form)
    if form.data.new is None and not form.data.remove:
        form.refuse(Invalid(fields=[("new", "missing")]))
        return show_me(door, user, password=form)
    hashed = hash_password(form.data.new) if form.data.new and not form.data.remove else None
    try:
        actions.set_password(door.db, door.actor, hashed)
    except Invalid as invalid:
        form.refuse(invalid)
        return show_me(door, user, password=form)
    return door.go("accounts.me", done=_("Saved. You are signed out everywhere else."))


@page(blueprint, "/me/password/link", who=Who.SELF, methods=("POST",))
def mail_own_link(door: Door) -> Response:
    """A fresh proof that the address is still one's own, before a first password."""
    user = queries.get_user(door.db, door.actor.id)
    limit_mail(door, user.email, user.id)
    actions.ask_own_link(door.db, door.actor, browser_mark())
    return look_in_mail(door, user.email, "accounts.me", url_for("accounts.me"))


@page(blueprint, "/me/keys/end", who=Who.SELF, methods=("POST",))
def end_keys(door: Door) -> Response:
    actions.end_own_keys(door.db, door.actor)
    door.drop_keys()
    done = _("Done. The links in your mails open nothing any more; new mails bring new ones.")
    return door.go("accounts.sign_ins", done=done)


@page(blueprint, "/me/sign-ins", who=Who.SELF)
def sign_ins(door: Door) -> Response:
    found = queries.list_sign_ins(door.db, door.actor.id)
    return door.render(
        "accounts/sign_ins.html",
        sign_ins=Page.cut(found, door.page_number),
        count=len(found),
        here=door.actor.sign_in_id,
    )


@page(blueprint, "/me/sign-ins/<sign_in_id>/end", who=Who.SELF, methods=("POST",))
def end_sign_in(door: Door, sign_in_id: str) -> Response:
    actions.end_sign_in(door.db, door.actor, sign_in_id)
    if sign_in_id != door.actor.sign_in_id:
        return door.go("accounts.sign_ins", done=_("Signed out there."))
    door.sign_out()
    return door.go_path("/")


@page(blueprint, "/me/sign-ins/end-all", who=Who.SELF, methods=("POST",))
def end_all_sign_ins(door: Door) -> Response:
    actions.end_every_sign_in(door.db, door.actor)
    door.sign_out()
    return door.go_path("/")


@page(blueprint, "/me/mails", who=Who.SELF, methods=("GET", "POST"))
def mail_choices(door: Door) -> Response:
    declined = queries.list_declined_mails(door.db, door.actor.id)
    wanted = [kind for kind in MAIL_KINDS if kind not in declined]
    form = door.form(forms.MailChoices, {} if door.posted else {"kinds": wanted})
    if form.data is not None:
        for kind in MAIL_KINDS:
            actions.switch_mail(door.db, door.actor, door.actor.id, kind, on=kind in form.data.kinds)
        return door.go("accounts.mail_choices", done=_("Saved."))
    if door.posted:
        raise Invalid("bad_choice")
    return door.render("accounts/mails.html", form=form, kinds=MAIL_WORDS)


@page(blueprint, "/me/blocks/<user_id>/end", who=Who.SELF, methods=("POST",))
def unblock(door: Door, user_id: str) -> Response:
    actions.unblock_person(door.db, door.actor, user_id)
    return door.go("accounts.me", done=_("Saved."))


@page(blueprint, "/locale", who=Who.ANYONE, methods=("POST",))
def set_locale(door: Door) -> Response:
    form = door.form(forms.ChooseLocale)
    if form.data is None:
        raise Invalid("bad_choice")
    session["locale"] = form.data.locale
    if door.actor.is_signed_in():
        actions.choose_locale(door.db, door.actor, form.data.locale)
    return door.go_path(form.data.next or "/")


@page(blueprint, "/embeds", who=Who.ANYONE, methods=("POST",))
def allow_embed(door: Door) -> Response:
    """Consent to players of another site: kept with the person, or with the browser of a visitor."""
    form = door.form(forms.AllowEmbed)
    if form.data is None:
        raise Invalid("bad_choice")
    origin, allowed = form.data.origin, form.data.allowed
    if door.actor.person_id is not None:
        actions.allow_embed(door.db, door.actor, origin, allowed=allowed)
    else:
        session["allowed_embeds"] = with_embed(session.get("allowed_embeds", []), origin, allowed=allowed)
        session.permanent = True
    return door.go_path(form.data.next or "/")


@page(blueprint, "/theme", who=Who.ANYONE, methods=("POST",))
def set_theme(door: Door) -> Response:
    form = door.form(forms.ChooseTheme)
    if form.data is None:
        raise Invalid("bad_choice")
    session["theme"] = form.data.theme or ""
    if door.actor.is_signed_in():
        actions.choose_theme(door.db, door.actor, session["theme"])
    return door.go_path(form.data.next or "/")


def show_me(
    door: Door,
    user: User,
    *,
    profile: FormState[forms.Profile] | None = None,
    password: FormState[forms.ChangePassword] | None = None,
    photo: FormState[forms.ChangePhoto] | None = None,
) -> Response:
    """My page holds three forms; the one that was sent shows what was typed, the others what is stored."""
    sent = profile or password or photo
    return door.render(
        "accounts/me.html",
        form=sent,
        user=user,
        profile=profile or {"values": _as_typed(user), "errors": {}},
        password=password,
        photo=photo,
        languages=[(code, LANGUAGE_WORDS[code]) for code in LANGUAGES],
        zones=forms.zone_choices(user.zone),
        blocked=queries.list_own_blocks(door.db, door.actor, door.page_number),
    )


def _as_typed(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "headline": user.headline,
        "company": user.company,
        "languages": user.languages.split(),
        "zone": user.zone,
        "locale": user.locale,
    }

"""PageRequest: unit of work, actor, form and response helpers of one HTTP request."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Generic, TypeVar, cast

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from pydantic import BaseModel
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from events.core import rate_limits
from events.core.auth.actor import Actor
from events.core.bus import savepoint
from events.core.config import Settings
from events.core.db.paging import MAX_PAGE_NUMBER
from events.core.db.read_batch import memoise_reads
from events.core.db.session import unit_of_work
from events.core.errors import Forbidden, Invalid, NotFound, Refused
from events.core.mail.ledger import act_for
from events.core.network.client_network import current_address, current_network
from events.core.web.error_messages import message_for
from events.core.web.forms import parse_frame, parse_page

F = TypeVar("F", bound=BaseModel)
R = TypeVar("R")
SESSION_KEYS = "keys"
# Fields that are not typed, and those whose value is never sent back.
UNTYPED = {"csrf_token", "next", "zone", "how", "locale", "step", "do"}
SECRET = {"password", "current", "new"}
KNOWN_PEOPLE = "known_people"  # ids of people who signed in in this browser; outlives the sign-in
MAX_KEYS = 12
PEOPLE_RATE, VIEW_RATE = "40 per day", "120 per hour"


class FormState(Generic[F]):
    """A form on a page: values, data and errors by field. `uploaded`: texts of files in place of fields."""

    def __init__(
        self,
        model: type[F],
        req: "PageRequest",
        initial: dict[str, object] | None = None,
        uploaded: dict[str, str] | None = None,
    ) -> None:
        self.posted = request.method == "POST"
        self.errors: dict[str, str] = {}
        self.codes: dict[str, str] = {}  # of the errors, by field
        self.data: F | None = None
        self._request = req
        self.values: dict[str, object] = dict(initial or {})
        if self.posted:
            given = {name: request.form.getlist(name) for name in request.form}
            given |= {name: [words] for name, words in (uploaded or {}).items()}
            self.values |= {
                name: texts if len(texts) > 1 else texts[0] for name, texts in given.items() if texts
            }
            try:
                self.data = parse_page(model, given)
            except Invalid as invalid:
                self.refuse(invalid)

    def act(self, action: Callable[[F], R]) -> R | None:
        """On a valid POST call `action(data)` in a savepoint; a Refused becomes an error."""
        if self.data is None:
            return None
        try:
            with savepoint(self._request.db):
                return action(self.data)
        except (NotFound, Forbidden):
            raise
        except Refused as refused:
            self.refuse(refused)
            return None

    @property
    def first_error(self) -> str | None:
        """First message, of the form before that of its fields."""
        return self.errors.get("") or next(iter(self.errors.values()), None)

    @property
    def keeps(self) -> str:
        """Which typed values are shown again: all, some (no password) or nothing."""
        typed = {name for name, value in self.values.items() if value and name not in UNTYPED}
        if not self.posted or not typed - SECRET:
            return "nothing"
        return "some" if typed & SECRET else "all"

    def refuse(self, refused: Refused) -> None:
        fields = refused.fields if isinstance(refused, Invalid) else [("", refused.code)]
        for name, code in fields:
            self.errors.setdefault(name, message_for(code, **refused.params))
            self.codes.setdefault(name, code)


class PageRequest:
    """One HTTP request. `db` opens on first use; `finish` commits it before I/O."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._db: Session | None = None

    @property
    def db(self) -> Session:
        if self._db is None:
            self._db = self._stack.enter_context(unit_of_work())
            act_for(self._db, lambda: self.actor)
            if request.method == "GET":
                memoise_reads(self._db)
        return self._db

    @property
    def actor(self) -> Actor:
        return cast(Actor, current_user._get_current_object())

    @property
    def settings(self) -> Settings:
        return cast(Settings, current_app.config["SETTINGS"])

    @property
    def posted(self) -> bool:
        return request.method == "POST"

    @property
    def page_number(self) -> int:
        return self.page_of("page")

    def page_of(self, name: str) -> int:
        """Page number of one of several lists, by the name of its parameter."""
        return min(max(request.args.get(name, 1, type=int), 1), MAX_PAGE_NUMBER)

    @property
    def search(self) -> str:
        return " ".join(request.args.get("q", "")[:80].replace("\x00", "").split())

    def finish(self) -> None:
        """Commit now. Loaded rows stay readable; `db` then opens a new unit of work."""
        self._db = None
        self._stack.close()

    def abandon(self) -> None:
        """Roll back."""
        stack, self._stack, self._db = self._stack, ExitStack(), None
        stack.__exit__(_RolledBack, _RolledBack(), None)

    def form(
        self,
        model: type[F],
        initial: dict[str, object] | None = None,
        uploaded: dict[str, str] | None = None,
    ) -> FormState[F]:
        return FormState(model, self, initial, uploaded)

    def read(self, model: type[F]) -> F:
        """Parse a JSON body sent by our scripts. Raises Invalid."""
        try:
            sent = request.get_json(silent=True)
        except RecursionError:  # nested too deeply
            sent = None
        return parse_frame(model, sent)

    def render(self, template: str, **context: object) -> Response:
        """Render a page; a refused form makes it 422, which rolls the request back."""
        form = context.get("form")
        status = 422 if isinstance(form, FormState) and form.errors else 200
        return Response(render_template(template, **context), status, mimetype="text/html")

    def go(
        self,
        endpoint: str,
        *,
        done: str | None = None,
        notice: str | None = None,
        undo: str | None = None,
        **values: Any,
    ) -> Response:
        """Redirect (303), with a message about what was done and the URL that undoes it."""
        if done and undo:
            flash(f"{undo} {done}", "undo")
            done = None
        for category, message in (("done", done), ("notice", notice)):
            if message:
                flash(message, category)
        return redirect(url_for(endpoint, **values), 303)

    def go_path(self, path: str) -> Response:
        """Redirect (303) to a path of this site from untrusted input; anything else leads to /."""
        return redirect(safe_path(path), 303)

    def sign_in(self, actor: Actor) -> None:
        """Sign in in this browser; the session starts anew against fixation."""
        _start_session_anew()
        session.permanent = True
        login_user(actor)

    def sign_out(self) -> None:
        """Sign out in this browser; `security_headers.py` then sends Clear-Site-Data."""
        logout_user()
        _start_session_anew()
        g.signed_out = True

    def take_key(self, key_id: str) -> None:
        """Store the id of a personal key in the session, newest first."""
        keys = [key_id, *(known for known in session.get(SESSION_KEYS, []) if known != key_id)]
        session[SESSION_KEYS] = keys[:MAX_KEYS]
        session.permanent = True

    def drop_keys(self) -> None:
        session.pop(SESSION_KEYS, None)

    def limit(self, bucket: str, rate: str, *, key: str | None = None) -> None:
        """Count this request per person, else per network. Raises TooMany."""
        if (counted := key or self.actor.person_id) is None:
            self.limit_network(bucket, rate)
        else:
            rate_limits.hit(bucket, counted, rate)

    def limit_network(self, bucket: str, rate: str) -> None:
        """Count this request per client network. Raises TooMany."""
        rate_limits.hit_network(bucket, current_address(), rate)

    def limit_looks(self, bucket: str, person_id: str) -> None:
        """Limit the people viewed per day, and views in all. Raises TooMany."""
        who = self.actor.person_id or current_network()
        rate_limits.hit_distinct(bucket, who, person_id, PEOPLE_RATE)
        rate_limits.hit(f"{bucket}, in all", who, VIEW_RATE)


def _start_session_anew() -> None:
    known = session.get(KNOWN_PEOPLE)
    session.clear()
    if known:
        session[KNOWN_PEOPLE] = known
        session.permanent = True


class _RolledBack(Exception):
    """Raised inside an open unit of work to roll it back."""


def safe_path(path: str | None) -> str:
    """A path on this site as browsers parse it, or "/"; never another host (open redirect)."""
    if not path or not path.startswith("/"):
        return "/"
    if path[:2] in {"//", "/\\"} or "\\" in path or any(ord(c) < 32 for c in path):
        return "/"
    return path
